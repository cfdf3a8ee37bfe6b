"""Where a touch came from: hand-made touches with the origin, medium and channel a person would give them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.ledger.engine import DuckDBEngine
from accord.ledger.tables import FACTS, SQL_TYPES
from accord.sources.channels import add_origin
from proof import EXAMPLES
from world import ARROW, rows

TOUCHES = FACTS["touches"]
SCHEMA = pa.schema([(c, ARROW[SQL_TYPES[TOUCHES.column(c).type]]) for c in TOUCHES.names])
SITE = "https://www.north.example/pricing"


def fill(touches: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The touches after `add_origin`, in the order given."""
    engine = DuckDBEngine()
    given_rows = [dict.fromkeys(TOUCHES.names) | {"source_id": str(n)} | t for n, t in enumerate(touches)]
    engine.add("staged", pa.Table.from_pylist(given_rows, schema=SCHEMA))
    add_origin(engine, "staged")
    tables = [name for (name,) in rows(engine, "SELECT table_name FROM information_schema.tables")]
    assert sorted(tables) == ["staged", "staged_unfilled", "touch_origins", "touches_keyed", "touches_staged"]
    return engine.query("SELECT * FROM staged ORDER BY source_id::integer").to_pylist()


def web(url: str = SITE, referrer: str | None = None, **more: Any) -> dict[str, Any]:
    return {"kind": "page_view", "url": url, "referrer": referrer} | more


def utm(
    source: str | None, medium: str | None = None, campaign: str | None = None, **more: Any
) -> dict[str, Any]:
    return web(utm_source=source, utm_medium=medium, utm_campaign=campaign) | more


def kind(name: str, **more: Any) -> dict[str, Any]:
    return {"kind": name} | more


CASES: list[tuple[dict[str, Any], tuple[str | None, str | None, str | None]]] = [
    # Direct: a web touch that nothing explains, also where the site refers to itself.
    (web(), ("(direct)", "(none)", "Direct")),
    (web(url="/pricing"), ("(direct)", "(none)", "Direct")),
    (web(referrer=""), ("(direct)", "(none)", "Direct")),
    (web(referrer="https://www.north.example/"), ("(direct)", "(none)", "Direct")),
    (web(referrer="https://north.example/blog"), ("(direct)", "(none)", "Direct")),
    (web(referrer="https://shop.north.example/cart"), ("(direct)", "(none)", "Direct")),
    (
        web(url="https://app.north.example/", referrer="https://north.example/"),
        ("(direct)", "(none)", "Direct"),
    ),
    (web(referrer="about:blank"), ("(direct)", "(none)", "Direct")),
    (web(referrer="http://localhost:3000/"), ("(direct)", "(none)", "Direct")),
    (utm("(direct)", "(none)"), ("(direct)", "(none)", "Direct")),
    # The same name in another domain is not the own site.
    (web(referrer="https://notnorth.example/"), ("notnorth.example", "referral", "Referral")),
    # Search engines.
    (web(referrer="https://www.google.com/"), ("google", "organic", "Organic Search")),
    (web(referrer="https://www.google.co.uk/search?q=x"), ("google", "organic", "Organic Search")),
    (web(referrer="http://google.de"), ("google", "organic", "Organic Search")),
    (web(referrer="https://www.bing.com/"), ("bing", "organic", "Organic Search")),
    (web(referrer="https://duckduckgo.com/"), ("duckduckgo", "organic", "Organic Search")),
    (web(referrer="https://de.search.yahoo.com/search"), ("yahoo", "organic", "Organic Search")),
    (
        web(referrer="android-app://com.google.android.googlequicksearchbox/"),
        ("google", "organic", "Organic Search"),
    ),
    (utm("google", "organic"), ("google", "organic", "Organic Search")),
    (utm("mail.north.example", "organic"), ("mail.north.example", "organic", "Organic Search")),
    # A mail program or a document of a search company is no search.
    (web(referrer="https://mail.google.com/mail/u/0/"), ("mail.google.com", "referral", "Referral")),
    (web(referrer="https://docs.google.com/document/d/1"), ("docs.google.com", "referral", "Referral")),
    (web(referrer="https://google.com.evil.example/"), ("google.com.evil.example", "referral", "Referral")),
    (web(referrer="https://google.com@evil.example/"), ("evil.example", "referral", "Referral")),
    # Social, video, shopping, assistants, others.
    (web(referrer="https://www.linkedin.com/feed/"), ("linkedin", "referral", "Organic Social")),
    (web(referrer="https://lnkd.in/abc"), ("linkedin", "referral", "Organic Social")),
    (web(referrer="https://l.facebook.com/l.php"), ("facebook", "referral", "Organic Social")),
    (web(referrer="https://t.co/abc"), ("twitter", "referral", "Organic Social")),
    (web(referrer="https://old.reddit.com/r/x"), ("reddit", "referral", "Organic Social")),
    (web(referrer="https://m.youtube.com/watch"), ("youtube", "referral", "Organic Video")),
    (web(referrer="https://vimeo.com/1"), ("vimeo", "referral", "Organic Video")),
    (web(referrer="https://www.amazon.co.uk/dp/1"), ("amazon", "referral", "Organic Shopping")),
    (web(referrer="https://chatgpt.com/"), ("chatgpt", "ai-assistant", "AI Assistant")),
    (web(referrer="https://gemini.google.com/app"), ("gemini", "ai-assistant", "AI Assistant")),
    (web(referrer="https://www.perplexity.ai/"), ("perplexity", "ai-assistant", "AI Assistant")),
    (utm("chatgpt.com"), ("chatgpt.com", "ai-assistant", "AI Assistant")),
    (web(referrer="https://www.partner.example/news?a=1"), ("partner.example", "referral", "Referral")),
    (web(referrer="https://Partner.Example:8443/"), ("partner.example", "referral", "Referral")),
    (web(referrer="partner.example"), ("partner.example", "referral", "Referral")),
    # utm parameters: GA4's rules in their order.
    (utm("google", "cpc", "spring"), ("google", "cpc", "Paid Search")),
    (utm(" Google ", "CPC"), ("google", "cpc", "Paid Search")),
    (utm("bing", "ppc"), ("bing", "ppc", "Paid Search")),
    (utm("linkedin", "paid_social"), ("linkedin", "paid_social", "Paid Social")),
    (utm("facebook", "cpm"), ("facebook", "cpm", "Paid Social")),
    (utm("youtube", "cpv-paid"), ("youtube", "cpv-paid", "Paid Video")),
    (utm("youtube", "paid"), ("youtube", "paid", "Paid Video")),
    (utm("youtube", "cpc"), ("youtube", "cpc", "Paid Video")),
    (utm("amazon", "cpc"), ("amazon", "cpc", "Paid Shopping")),
    (utm("google", "cpc", "Shopping DE"), ("google", "cpc", "Paid Shopping")),
    (utm("google", "cpc", "web-shop"), ("google", "cpc", "Paid Shopping")),
    (utm("google", "cpc", "workshop invitation"), ("google", "cpc", "Paid Search")),
    (utm("google", "cpc", "bishop"), ("google", "cpc", "Paid Search")),
    (utm("google", "cpc", "sheshop"), ("google", "cpc", "Paid Shopping")),
    (utm("google", "cpc", "summer cross-network"), ("google", "cpc", "Cross-network")),
    (utm("dv360", "display"), ("dv360", "display", "Display")),
    (utm("adnet.example", "cpm"), ("adnet.example", "cpm", "Display")),
    (utm("adnet.example", "retargeting"), ("adnet.example", "retargeting", "Paid Other")),
    (utm("partner", "Paid-Content"), ("partner", "paid-content", "Paid Other")),
    (utm("shop.partner", "email", "webshop"), ("shop.partner", "email", "Email")),
    (utm("shop.partner", "email", "e-shop"), ("shop.partner", "email", "Organic Shopping")),
    (utm("linkedin", "social"), ("linkedin", "social", "Organic Social")),
    (utm("hub", "social-media"), ("hub", "social-media", "Organic Social")),
    (utm("linkedin"), ("linkedin", "(not set)", "Organic Social")),
    (utm("hub", "video-series"), ("hub", "video-series", "Organic Video")),
    (utm("newsletter", "email"), ("newsletter", "email", "Email")),
    (utm("e-mail"), ("e-mail", "(not set)", "Email")),
    (utm("awin", "affiliate"), ("awin", "affiliate", "Affiliates")),
    (utm("partner.example", "link"), ("partner.example", "link", "Referral")),
    (utm("podcast", "audio"), ("podcast", "audio", "Audio")),
    (utm("sms", "text"), ("sms", "text", "SMS")),
    (utm("app", "web-push"), ("app", "web-push", "Mobile Push Notifications")),
    (utm("app", "mobile_app"), ("app", "mobile_app", "Mobile Push Notifications")),
    (utm("firebase"), ("firebase", "(not set)", "Mobile Push Notifications")),
    (utm("brochure", "print"), ("brochure", "print", "Unassigned")),
    (utm(None, "cpc"), ("(not set)", "cpc", "Paid Other")),
    (utm("(not set)", "(not set)"), ("(direct)", "(none)", "Direct")),
    # utm parameters win over a referrer and over a click id.
    (utm("newsletter", "email", referrer="https://www.google.com/"), ("newsletter", "email", "Email")),
    (web(SITE + "?utm_source=news&utm_medium=email&gclid=x"), ("news", "email", "Email")),
    # Click ids: named by the mapping, or in the address.
    (web(click_id="gclid"), ("google", "cpc", "Paid Search")),
    (web(SITE + "?gclid=Cj0KC"), ("google", "cpc", "Paid Search")),
    (web(SITE + "?gbraid=0AA&x=1"), ("google", "cpc", "Paid Search")),
    (web(SITE + "?x=1&wbraid=Cl"), ("google", "cpc", "Paid Search")),
    (web(SITE + "?dclid=CP"), ("google", "cpc", "Paid Search")),
    (web(SITE + "?msclkid=ab"), ("bing", "cpc", "Paid Search")),
    (web(SITE + "?li_fat_id=ab"), ("linkedin", "cpc", "Paid Social")),
    (web(SITE + "?ttclid=ab"), ("tiktok", "cpc", "Paid Social")),
    (web(SITE + "?twclid=ab"), ("twitter", "cpc", "Paid Social")),
    (web(SITE + "?fbclid=ab"), ("facebook", "referral", "Organic Social")),
    (web(SITE + "?fbclid=ab", "https://l.facebook.com/"), ("facebook", "referral", "Organic Social")),
    (web(SITE + "?fbclid=ab&utm_source=facebook&utm_medium=paid"), ("facebook", "paid", "Paid Social")),
    (web(SITE + "?fbclid=ab&gclid=cd"), ("google", "cpc", "Paid Search")),
    (web(SITE + "?gclid="), ("(direct)", "(none)", "Direct")),
    (web(SITE + "?notgclid=1"), ("(direct)", "(none)", "Direct")),
    (web(SITE + "?utm_source=google&gclid=x"), ("google", "cpc", "Paid Search")),
    # Out of the address, decoded, repeated, broken.
    (web(SITE + "?utm_source=Goo%67le&utm_medium=c%50c"), ("google", "cpc", "Paid Search")),
    (web(SITE + "?utm_source=spring+fair&utm_medium=e%20mail"), ("spring fair", "e mail", "Email")),
    (web(SITE + "?utm_source=&utm_source=one&utm_source=two"), ("one", "(not set)", "Unassigned")),
    (web(SITE + "?a=1&amp;utm_source=one&amp;utm_medium=email"), ("one", "email", "Email")),
    (web(SITE + "#utm_source=one&utm_medium=email"), ("one", "email", "Email")),
    (web(SITE + "?utm_source=a%00b%0D%0A&utm_medium=email"), ("ab", "email", "Email")),
    (web(SITE + "?utm_source=%ff%fe&utm_medium=email"), ("%ff%fe", "email", "Email")),
    (web(SITE + "?utm_source=%&utm_medium=email"), ("%", "email", "Email")),
    (web(SITE + "?utm_source=" + "x" * 10_000 + "&utm_medium=email"), ("x" * 500, "email", "Email")),
    (utm("y" * 10_000, "email"), ("y" * 500, "email", "Email")),
    (web("https://x.example/?q=utm_source=one"), ("(direct)", "(none)", "Direct")),
    (web("not an address ?utm_source=one&utm_medium=sms"), ("one", "sms", "SMS")),
    # What is no web touch has no channel of its own, except e-mail.
    (kind("webinar"), (None, None, None)),
    (kind("event"), (None, None, None)),
    (kind("call"), (None, None, None)),
    (kind("content_download"), (None, None, None)),
    (kind("content_download", url=SITE), ("(direct)", "(none)", "Direct")),
    (kind("webinar", utm_source="linkedin", utm_medium="cpc"), ("linkedin", "cpc", "Paid Social")),
    (kind("webinar", referrer="https://www.google.com/"), ("google", "organic", "Organic Search")),
    (kind("form_submit"), ("(direct)", "(none)", "Direct")),
    (kind("email_open"), ("email", "email", "Email")),
    (kind("email_delivered"), ("email", "email", "Email")),
    (kind("email_click", url=SITE, referrer="https://www.google.com/"), ("email", "email", "Email")),
    (kind("email_click", utm_source="News", utm_medium="e-Mail"), ("news", "e-mail", "Email")),
    (kind("email_click", url=SITE + "?utm_source=may&utm_medium=cpc"), ("may", "cpc", "Email")),
    (kind("ad_click"), (None, "cpc", "Paid Other")),
    (kind("ad_click", url=SITE, referrer="https://www.google.com/"), ("google", "cpc", "Paid Search")),
    (kind("social"), (None, "social", "Organic Social")),
    (kind("social", referrer="https://www.xing.com/"), ("xing", "social", "Organic Social")),
    # What the mapping says wins.
    (web(channel="Partners"), ("(direct)", "(none)", "Partners")),
    (kind("webinar", channel="Webinars"), (None, None, "Webinars")),
    (kind("email_open", channel="Nurture"), ("email", "email", "Nurture")),
    (web(channel=" "), ("(direct)", "(none)", "Direct")),
    (web(origin="Google", medium="Organic"), ("google", "organic", "Organic Search")),
    (
        utm("newsletter", "email") | {"origin": "google", "medium": "cpc"},
        ("google", "cpc", "Paid Search"),
    ),
    (utm("newsletter", "email", origin="partner.example"), ("partner.example", "email", "Email")),
    (web(medium="referral", origin="partner.example"), ("partner.example", "referral", "Referral")),
]


@pytest.fixture(scope="module")
def filled() -> list[dict[str, Any]]:
    return fill([touch for touch, _ in CASES])


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda n: str(CASES[n][0])[:100])
def test_origin_medium_and_channel_are_as_a_person_would_give_them(filled: Any, number: int) -> None:
    touch = filled[number]
    assert (touch["origin"], touch["medium"], touch["channel"]) == CASES[number][1]


def test_nothing_else_changes(filled: Any) -> None:
    assert len(filled) == len(CASES)
    own = {"origin", "medium", "channel", "campaign"}
    for before, after in zip(CASES, filled, strict=True):
        kept = {name: value for name, value in after.items() if name not in own and name != "source_id"}
        expected = {name: before[0].get(name) for name in kept}
        assert kept == expected


def test_the_campaign_is_the_mapped_one_else_utm_campaign_else_the_id() -> None:
    campaigns = [
        row["campaign"]
        for row in fill(
            [
                utm("google", "cpc", " Spring 2026 ", campaign_id="ads:campaign:1") | {"campaign": "Mapped"},
                utm("google", "cpc", " Spring 2026 ", campaign_id="ads:campaign:1"),
                web(SITE + "?utm_campaign=May+%26+June&utm_source=a", campaign_id="ads:campaign:1"),
                web(campaign_id="ads:campaign:1"),
                web(),
            ]
        )
    ]
    assert campaigns == ["mapped", "spring 2026", "may & june", "ads:campaign:1", None]


def test_equal_touches_stay_as_many_as_they_were() -> None:
    filled = fill([web(referrer="https://www.google.com/")] * 1000 + [kind("webinar")] * 10)
    assert [row["channel"] for row in filled] == ["Organic Search"] * 1000 + [None] * 10


def test_an_empty_table_stays_empty() -> None:
    assert fill([]) == []


TEXT = st.none() | st.text(max_size=40) | st.sampled_from(["https://", "?utm_source=%", "a@b@c.d", "[::1]"])


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT, TEXT, TEXT), max_size=8))
def test_no_text_makes_it_fail_or_lose_a_row(texts: list[tuple[str | None, ...]]) -> None:
    touches = [
        {"kind": "page_view", "url": f"{SITE}?utm_source={a}" if a else a}
        | {"referrer": b, "utm_medium": c, "click_id": d}
        for a, b, c, d in texts
    ]
    filled = fill(touches)
    assert len(filled) == len(touches)
    assert all(row["channel"] and row["origin"] == row["origin"].lower() for row in filled)
