"""The fields a condition may read, and the fixed words an agreement may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

FieldType = Literal["text", "number", "boolean"]


@dataclass(frozen=True)
class Known:
    """What is known of a field in one context: its type (None: not sure, so unchecked) and its values."""

    type: FieldType | None
    values: tuple[str, ...] = ()


def _names(type_: FieldType, names: str) -> dict[str, FieldType]:
    return dict.fromkeys(names.split(), type_)


LEAD_FIELDS: Mapping[str, FieldType] = MappingProxyType(
    _names("text", "email_domain job_title role seniority company country region city language lead_source")
    | _names("text", "industry account_country account_name account_domain")
    | _names("boolean", "free_mail is_test has_email is_customer")
    | _names("number", "employees annual_revenue")
)
"""Fields of a person and of their account; own fields (`fields:`) come on top."""

SCORE_FIELDS: Mapping[str, FieldType] = MappingProxyType(
    _names("number", "fit engagement score") | _names("boolean", "hand_raiser")
)
"""What scoring found: `score` is fit plus engagement; `hand_raiser` asked for contact."""

AUDIENCE_FIELDS: Mapping[str, FieldType] = MappingProxyType(_names("text", "segment persona"))
"""The first segment and the first persona that hold for the lead."""

GATE_FIELDS: Mapping[str, FieldType] = MappingProxyType({**LEAD_FIELDS, **SCORE_FIELDS, **AUDIENCE_FIELDS})
"""Fields of stages and routes; own fields come on top."""

TOUCH_FIELDS: Mapping[str, FieldType] = MappingProxyType(
    _names("text", "kind path url form asset campaign channel origin medium direction session")
    | _names("text", "utm_source utm_medium utm_campaign utm_term utm_content")
    | _names("number", "duration_seconds")
)
"""Fields of one touch, for engagement rules."""

DOCS: Mapping[str, str] = MappingProxyType(
    {
        "email_domain": "Part of the e-mail address after the @, in lower case.",
        "free_mail": "The e-mail address belongs to a free-mail service.",
        "has_email": "An e-mail address is known.",
        "job_title": "Job title as the tool has it.",
        "role": "Function in the company: operations, finance, it, ...",
        "seniority": "individual_contributor, manager, head, director, vp or c_level.",
        "company": "Company name as typed on the person.",
        "country": "The person's country, ISO 3166 two-letter code.",
        "region": "The person's state, province or region.",
        "city": "The person's city.",
        "language": "The person's language code.",
        "lead_source": "Where the tool says the person came from.",
        "is_test": "A test record of one's own.",
        "industry": "The account's industry.",
        "employees": "The account's number of employees.",
        "annual_revenue": "The account's yearly revenue.",
        "account_country": "The account's country, ISO 3166 two-letter code.",
        "account_name": "The account's name.",
        "account_domain": "The account's web domain, without www.",
        "is_customer": "The account is a customer already.",
        "fit": "Points for who they are.",
        "engagement": "Points for what they did, faded to this moment.",
        "score": "Fit plus engagement.",
        "hand_raiser": "A touch asked for contact.",
        "segment": "Name of the first segment that holds.",
        "persona": "Name of the first persona that holds.",
        "kind": "Kind of touch.",
        "path": "Path of the address, in lower case, without query.",
        "url": "Full address seen or clicked.",
        "form": "Form name or id.",
        "asset": "Content piece, e-mail, webinar or event.",
        "campaign": "Campaign name: utm_campaign in lower case, else the campaign's id.",
        "channel": "Channel: as mapped, else by GA4's default channel grouping.",
        "origin": "Traffic source in lower case.",
        "medium": "Traffic medium in lower case.",
        "direction": "inbound or outbound.",
        "session": "Web session.",
        "utm_source": "utm_source as received.",
        "utm_medium": "utm_medium as received.",
        "utm_campaign": "utm_campaign as received.",
        "utm_term": "utm_term as received.",
        "utm_content": "utm_content as received.",
        "duration_seconds": "Length of the touch in seconds.",
    }
)

TOUCH_KINDS = (
    "page_view",
    "form_submit",
    "email_delivered",
    "email_open",
    "email_click",
    "ad_click",
    "webinar",
    "content_download",
    "event",
    "social",
    "chat",
)
"""Kinds of touch Accord's own mappings give. A company may have others; a near miss of these is a typo."""

_RESERVED = """
all analyse analyze and any array as asc asymmetric between both case cast check coalesce collate
column constraint create cross current_date current_time current_timestamp default deferrable desc
describe distinct do else end escape except exists false fetch for foreign from full grant group
having ilike in initially inner intersect into is join lambda lateral leading left like limit lower
natural not null offset on only or order outer pivot pivot_longer pivot_wider placing primary
qualify references returning right select session_user show some summarize symmetric table then to
trailing true union unique unpivot user using variadic when where window with
"""
RESERVED = frozenset(_RESERVED.split())
"""Words of SQL that cannot be the name of an own field."""
