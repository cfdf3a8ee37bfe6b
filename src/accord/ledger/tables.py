"""The fact tables: what each holds, its grain, its key, and every column with type and meaning.

`docs/reference/facts.md` is generated from this file. A change here needs a new schema version and a
migration in `accord.ledger.migrations`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Type = Literal["text", "integer", "number", "money", "boolean", "time", "json"]

SQL_TYPES: dict[str, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "money": "DECIMAL(18,4)",
    "boolean": "BOOLEAN",
    "time": "TIMESTAMP",
    "json": "VARCHAR",
}


@dataclass(frozen=True)
class Column:
    """One column of a fact table.

    `required`: a row without it is quarantined. `minimum`: a smaller value is quarantined.
    `derived`: worked out by Accord from the other columns, so it takes no part in the fact's identity.
    `values`: the only values allowed, where they are few.
    """

    name: str
    type: Type
    doc: str
    required: bool = False
    minimum: float | None = None
    derived: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One fact table. A `record` has states that replace one another; an `event` happened at one moment."""

    name: str
    grain: Literal["record", "event"]
    doc: str
    key: str
    columns: tuple[Column, ...]
    version: int = 1

    def column(self, name: str) -> Column:
        """The column called `name`. Raises KeyError if there is none."""
        for column in (*COMMON, *self.columns):
            if column.name == name:
                return column
        raise KeyError(f"table {self.name} has no column {name!r}")

    @property
    def names(self) -> tuple[str, ...]:
        """All column names, the common ones first."""
        return tuple(c.name for c in (*COMMON, *self.columns))

    @property
    def identity_columns(self) -> tuple[str, ...]:
        """The columns whose values make a fact's id, in a fixed order."""
        own = (c.name for c in self.columns if not c.derived)
        return ("occurred_at", "source_updated_at", "twin", *own)


COMMON = (
    Column(
        "fact_id",
        "text",
        "md5 over subject, mapped values and `deleted`: which state of the record this is.",
        True,
    ),
    Column(
        "subject", "text", "md5 over source, object and source_id: which record or event this is about.", True
    ),
    Column("source", "text", "The tool the fact came from, as the mapping names it.", True),
    Column("object", "text", "The kind of record in that tool, as the mapping names it.", True),
    Column(
        "source_id",
        "text",
        "The record's id in that tool; where it has none, md5 of its values and its ordinal.",
        True,
    ),
    Column(
        "twin",
        "text",
        "The same record's name in another tool, as `source:object:id`, where this tool keeps one.",
    ),
    Column("deleted", "boolean", "The tool says the record is gone.", True),
    Column("revises", "boolean", "The subject had another fact when this one was written.", True),
    Column("occurred_at", "time", "When it happened in the business (naive UTC).", True),
    Column("source_updated_at", "time", "When the tool says this state was written (naive UTC)."),
    Column("recorded_at", "time", "When this ledger got it (naive UTC).", True),
    Column("history", "boolean", "It came with a source's first load or with `load --history`.", True),
    Column(
        "known_at",
        "time",
        "`recorded_at`; in history `occurred_at`, or when the record was made. Fixed at writing.",
        True,
    ),
    Column(
        "assumed", "boolean", "The moment is not the tool's own record but deduced from a snapshot.", True
    ),
    Column("load_id", "text", "The load that brought it; `accord undo` withdraws a load.", True),
)

ACTOR = Column(
    "actor", "text", "Who did it, as `source:kind:id` with kind person, lead or visitor, or `email:address`."
)
OWNER = Column("owner_id", "text", "The user of the source tool who owns or did it, as `source:owner:id`.")
ACCOUNT = Column("account_id", "text", "The company, as `source:account:id`.")
CAMPAIGN = Column("campaign_id", "text", "The campaign, as `source:campaign:id`.")
DEAL = Column("deal_id", "text", "The deal, as `source:deal:id`.")
CURRENCY = Column("currency", "text", "ISO 4217 code of the amount.")
CREATED = Column("created_at", "time", "When the record was made in its tool.")
FIELDS = Column(
    "fields", "json", "The company's own fields as declared in the agreement: a JSON object of text values."
)


def _table(name: str, grain: Literal["record", "event"], key: str, doc: str, *columns: Column) -> Table:
    return Table(name, grain, doc, key, columns)


_ALL = (
    _table(
        "people",
        "record",
        "source, object, source_id",
        "A person as one tool records them.",
        Column("actor", "text", "This record's own name, `source:person:id`.", derived=True),
        Column("email", "text", "E-mail address, trimmed and in lower case."),
        Column("first_name", "text", "Given name."),
        Column("last_name", "text", "Family name."),
        Column("phone", "text", "Telephone number as the tool writes it."),
        Column("job_title", "text", "Job title."),
        Column("role", "text", "Function in the company: operations, finance, it, ..."),
        Column("seniority", "text", "Level: individual_contributor, manager, head, director, vp, c_level."),
        Column("company", "text", "Company name as typed on the person."),
        ACCOUNT,
        OWNER,
        Column("country", "text", "ISO 3166 two-letter code where the mapping can give it."),
        Column("region", "text", "State, province or region."),
        Column("city", "text", "City."),
        Column("language", "text", "Language code."),
        Column("lead_source", "text", "Where the tool says the person came from."),
        Column("is_test", "boolean", "A test record of one's own."),
        CREATED,
        FIELDS,
    ),
    _table(
        "accounts",
        "record",
        "source, object, source_id",
        "A company as one tool records it.",
        Column(
            "name",
            "text",
            "Company name.",
        ),
        Column("domain", "text", "Web domain in lower case, without www."),
        Column("industry", "text", "Industry."),
        Column(
            "employees",
            "number",
            "Number of employees; the middle of the band where the tool has bands.",
            minimum=0,
        ),
        Column("annual_revenue", "number", "Yearly revenue in the tool's currency.", minimum=0),
        Column("country", "text", "ISO 3166 two-letter code where the mapping can give it."),
        Column("region", "text", "State, province or region."),
        Column("city", "text", "City."),
        Column("is_customer", "boolean", "The tool says it is a customer."),
        OWNER,
        Column("parent_id", "text", "The parent company, as `source:account:id`."),
        CREATED,
        FIELDS,
    ),
    _table(
        "owners",
        "record",
        "source, object, source_id",
        "A user of a source tool.",
        Column("email", "text", "E-mail address, in lower case."),
        Column("first_name", "text", "Given name."),
        Column("last_name", "text", "Family name."),
        Column("team", "text", "Team name in the tool."),
        Column("active", "boolean", "Can still sign in to the tool."),
    ),
    _table(
        "campaigns",
        "record",
        "source, object, source_id",
        "A campaign, with the channel and audience it was meant for.",
        Column("name", "text", "Name."),
        Column("channel", "text", "Channel, in the words of `docs/reference/channels.md`."),
        Column("platform", "text", "Where it runs: google_ads, linkedin_ads, mailchimp, ..."),
        Column("audience", "text", "The segment it is meant for."),
        Column("budget", "money", "Planned cost.", minimum=0),
        CURRENCY,
        Column("starts_at", "time", "First day."),
        Column("ends_at", "time", "Last day."),
        Column("status", "text", "Status in the tool."),
    ),
    _table(
        "assets",
        "record",
        "source, object, source_id",
        "A piece of content, as the list of content says it is.",
        Column("name", "text", "Title, the same that touches and uses name as `asset`.", True),
        Column("kind", "text", "guide, datasheet, case_study, price_list, ..."),
        Column("stage", "text", "The stage of buying it is meant for."),
        Column("product", "text", "The product it is about."),
        Column("price", "money", "What it says the product costs.", minimum=0),
        CURRENCY,
        Column("owner", "text", "Who keeps it up to date."),
        Column("path", "text", "Where it lies on the website."),
    ),
    _table(
        "touches",
        "event",
        "source, object, source_id",
        "One contact of one person with marketing.",
        ACTOR,
        Column(
            "kind",
            "text",
            "page_view, form_submit, email_delivered, email_open, email_click, ad_click, webinar, "
            "content_download, event, social, chat, ...",
            True,
        ),
        Column("url", "text", "Full address seen or clicked."),
        Column("path", "text", "Path part of the address, in lower case, without query."),
        Column("form", "text", "Form name or id."),
        Column("asset", "text", "Content piece, e-mail, webinar or event."),
        CAMPAIGN,
        Column(
            "message",
            "text",
            "The one e-mail sending this belongs to, equal on its delivery, opens and clicks.",
        ),
        Column("direction", "text", "inbound or outbound.", values=("inbound", "outbound")),
        Column("duration_seconds", "number", "Length.", minimum=0),
        Column("session", "text", "Web session."),
        Column("utm_source", "text", "utm_source as received."),
        Column("utm_medium", "text", "utm_medium as received."),
        Column("utm_campaign", "text", "utm_campaign as received."),
        Column("utm_term", "text", "utm_term as received."),
        Column("utm_content", "text", "utm_content as received."),
        Column(
            "click_id",
            "text",
            "Name of the advertising click id present: gclid, fbclid, li_fat_id, msclkid, ...",
        ),
        Column("referrer", "text", "Referring address."),
        Column("agent", "text", "User agent."),
        Column("machine", "boolean", "The tool itself says a machine did it."),
        Column(
            "origin",
            "text",
            "Traffic source in lower case: google, newsletter, partner.example, (direct).",
            derived=True,
        ),
        Column(
            "medium",
            "text",
            "Traffic medium in lower case: organic, cpc, email, referral, (none).",
            derived=True,
        ),
        Column(
            "channel", "text", "Channel: as mapped, else by GA4's default channel grouping.", derived=True
        ),
        Column(
            "campaign",
            "text",
            "Campaign name: utm_campaign in lower case, else the campaign's id.",
            derived=True,
        ),
    ),
    _table(
        "activities",
        "event",
        "source, object, source_id",
        "One thing a seller did with a person.",
        ACTOR,
        OWNER,
        ACCOUNT,
        DEAL,
        Column("kind", "text", "call, email, meeting, demo, message, task, note.", True),
        Column("direction", "text", "inbound or outbound.", values=("inbound", "outbound")),
        Column("outcome", "text", "connected, no_answer, left_voicemail, meeting_set, held, ..."),
        Column("asset", "text", "Call partner, meeting or message it is about."),
        Column("duration_seconds", "number", "Length.", minimum=0),
        Column("automated", "boolean", "Sent by a sequence, not by a person."),
    ),
    _table(
        "source_leads",
        "record",
        "source, object, source_id",
        "A tool's own lead record.",
        Column("actor", "text", "This record's own name, `source:lead:id`.", derived=True),
        Column("person", "text", "The person behind it, as `source:person:id`."),
        Column("email", "text", "E-mail address, trimmed and in lower case."),
        ACCOUNT,
        OWNER,
        Column("status", "text", "Status in the tool's words."),
        Column("lead_source", "text", "Where the tool says it came from."),
        CREATED,
        FIELDS,
    ),
    _table(
        "stage_moves",
        "event",
        "source, object, source_id",
        "A change of status or lifecycle stage as the tool recorded it.",
        ACTOR,
        Column("stage", "text", "The agreement's stage or detour it means.", True),
        Column("tool_stage", "text", "The tool's own word."),
        OWNER,
        DEAL,
    ),
    _table(
        "deals",
        "record",
        "source, object, source_id",
        "An opportunity.",
        Column("name", "text", "Name."),
        ACCOUNT,
        Column("actor", "text", "The main person, as `source:person:id` or `source:lead:id`."),
        OWNER,
        Column("amount", "money", "Value.", minimum=0),
        CURRENCY,
        Column("stage", "text", "Deal stage in the tool's words."),
        Column("status", "text", "open, won or lost.", values=("open", "won", "lost")),
        Column("kind", "text", "new, renewal or expansion.", values=("new", "renewal", "expansion")),
        Column("lost_reason", "text", "Why it was lost."),
        CAMPAIGN,
        CREATED,
        Column("closed_at", "time", "When it was won or lost."),
        FIELDS,
    ),
    _table(
        "deal_moves",
        "event",
        "source, object, source_id",
        "A change of a deal's stage.",
        Column("deal_id", "text", "The deal, as `source:deal:id`.", True),
        Column("stage", "text", "Deal stage in the tool's words."),
        Column("status", "text", "open, won or lost.", values=("open", "won", "lost")),
        Column("amount", "money", "Value from then on.", minimum=0),
        CURRENCY,
    ),
    _table(
        "deal_people",
        "record",
        "source, object, source_id",
        "A person's role in a deal.",
        Column("deal_id", "text", "The deal, as `source:deal:id`.", True),
        Column("actor", "text", "The person, as `source:kind:id`.", True),
        Column("role", "text", "Role: champion, economic_buyer, technical_evaluator, end_user, ..."),
    ),
    _table(
        "spend",
        "event",
        "source, object, source_id",
        "The cost of one campaign (or channel) on one day.",
        CAMPAIGN,
        Column("channel", "text", "Channel, where there is no campaign."),
        Column("platform", "text", "google_ads, linkedin_ads, meta_ads, ..."),
        Column("cost", "money", "Cost of the day.", True, minimum=0),
        Column("currency", "text", "ISO 4217 code of the cost.", True),
        Column("impressions", "number", "Times shown.", minimum=0),
        Column("clicks", "number", "Clicks.", minimum=0),
    ),
    _table(
        "rates",
        "event",
        "source, object, source_id",
        "The exchange rate of one day.",
        Column("currency", "text", "ISO 4217 code of what is converted.", True),
        Column("to_currency", "text", "ISO 4217 code of what it is converted into.", True),
        Column("rate", "number", "Units of `to_currency` for one unit of `currency`.", True, minimum=0),
    ),
    _table(
        "web_totals",
        "event",
        "source, object, source_id",
        "Web figures of one day without a person; never touches.",
        Column("channel", "text", "Channel."),
        Column("origin", "text", "Traffic source."),
        Column("medium", "text", "Traffic medium."),
        Column("campaign", "text", "Campaign name."),
        Column("sessions", "number", "Sessions.", minimum=0),
        Column("users", "number", "Users.", minimum=0),
        Column("page_views", "number", "Page views.", minimum=0),
    ),
    _table(
        "revenue",
        "event",
        "source, object, source_id",
        "Money invoiced or booked; a refund is negative.",
        ACCOUNT,
        DEAL,
        Column("amount", "money", "Amount; negative for a refund.", True),
        Column("currency", "text", "ISO 4217 code of the amount.", True),
        Column(
            "kind",
            "text",
            "new, renewal, expansion or refund.",
            values=("new", "renewal", "expansion", "refund"),
        ),
        Column("until", "time", "End of the period paid for, if it is a subscription."),
    ),
    _table(
        "usage",
        "event",
        "source, object, source_id",
        "Use of the product by an account or a person.",
        ACCOUNT,
        ACTOR,
        Column("kind", "text", "What was used.", True),
        Column("quantity", "number", "How much."),
    ),
    _table(
        "tickets",
        "record",
        "source, object, source_id",
        "A support case.",
        ACTOR,
        ACCOUNT,
        Column("kind", "text", "Category."),
        Column("status", "text", "Status in the tool's words."),
        Column("priority", "text", "Priority."),
        CREATED,
        Column("first_reply_at", "time", "First answer."),
        Column("closed_at", "time", "When it was closed."),
    ),
    _table(
        "feedback",
        "event",
        "source, object, source_id",
        "What people said: verdicts, survey answers, reviews, win/loss.",
        ACTOR,
        Column(
            "kind",
            "text",
            "verdict, survey, review or win_loss.",
            True,
            values=("verdict", "survey", "review", "win_loss"),
        ),
        Column(
            "verdict",
            "text",
            "accepted, returned, qualified, disqualified or recycled.",
            values=("accepted", "returned", "qualified", "disqualified", "recycled"),
        ),
        Column("reason", "text", "One of the agreement's reasons."),
        Column("note", "text", "Free text."),
        Column("score", "number", "Answer on a scale."),
        Column("question", "text", "The question asked."),
        OWNER,
        DEAL,
    ),
    _table(
        "handoff_moves",
        "event",
        "source, object, source_id",
        "A step in handing a lead to sales.",
        ACTOR,
        Column("cycle_no", "integer", "The lead's cycle."),
        Column("stage", "text", "The stage handed over at."),
        Column(
            "move",
            "text",
            "assigned, accepted, contacted, returned, recycled, paused, resumed, breached, escalated, "
            "reassigned, contested, upheld, given_back, delivered or closed.",
            True,
        ),
        OWNER,
        Column("reason", "text", "Why."),
        Column("note", "text", "Free text."),
    ),
    _table(
        "content_uses",
        "event",
        "source, object, source_id",
        "A seller used a piece of content.",
        Column("asset", "text", "The content piece.", True),
        OWNER,
        ACTOR,
        DEAL,
        Column("kind", "text", "sent, shown, downloaded, copied."),
    ),
    _table(
        "consents",
        "event",
        "source, object, source_id",
        "A person agreed or objected to being contacted.",
        Column("actor", "text", "The person, as `source:kind:id`.", True),
        Column("purpose", "text", "email, phone, tracking, ...", True),
        Column("granted", "boolean", "Agreed (true) or objected (false).", True),
        Column("evidence", "text", "How it is known."),
    ),
    _table(
        "links",
        "record",
        "source, object, source_id",
        "Two names of one person, account or event: joined, taken apart, or kept apart.",
        Column("kind", "text", "join, unjoin or apart.", True, values=("join", "unjoin", "apart")),
        Column("a", "text", "One name, as `source:kind:id` or `email:address`.", True),
        Column("b", "text", "The other name.", True),
        Column("rule", "text", "What made the link: same_row, foreign_id, by_hand, ..."),
        Column("evidence", "text", "What it rests on, in words."),
    ),
    _table(
        "decisions",
        "event",
        "lead (actor, cycle_no), stage, version",
        "The moment the agreement decided that a lead reached a stage; made once, never re-dated.",
        Column("actor", "text", "The person, as `source:kind:id`.", True),
        Column("cycle_no", "integer", "The lead's cycle.", True),
        Column("stage", "text", "The stage decided.", True),
        Column("version", "text", "Behaviour hash of the agreement it was made under.", True),
        Column("fit", "number", "Fit at that moment."),
        Column("engagement", "number", "Engagement at that moment."),
        Column("hits", "json", "Points by rule at that moment: a JSON object."),
        Column("inputs", "json", "The fields the condition read: a JSON object."),
    ),
)

FACTS: dict[str, Table] = {table.name: table for table in _ALL}
