"""The words of touches no person made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accord.insight.exceptions.parts import Language, count, sentence, share
from accord.insight.exceptions.words.told import Told


def machine_touches(data: Mapping[str, Any], language: Language) -> Told:
    """Far more touches by machines than usual."""
    title = sentence(
        language.gettext("Machines made {share} of all touches in {days} days, usually {usual}"),
        share=share(data["share"], {"kpi": "machine_touches"}),
        days=count(data["days"]),
        usual=share(data["usual_share"]),
    )
    why = sentence(
        language.gettext("{machine} of {touches} touches; they earn neither points nor credit."),
        machine=count(data["machine"]),
        touches=count(data["touches"]),
    )
    step = sentence(
        language.gettext("Do not read these opens and clicks as interest; look at what was sent to whom.")
    )
    return Told(title, why, step)


def mail_scanner(data: Mapping[str, Any], language: Language) -> Told:
    """Companies whose mail scanner clicks every link."""
    first = data["examples"][0]
    title = sentence(
        language.ngettext(
            "At {count} company a mail scanner clicks every link",
            "At {count} companies a mail scanner clicks every link",
            data["domains"],
        ),
        count=count(data["domains"]),
    )
    why = sentence(
        language.gettext(
            "{clicks} clicks in {days} days were no person’s, most at {domain}: {number}, to {people} people."
        ),
        clicks=count(data["clicks"]),
        days=count(data["days"]),
        domain=first["domain"],
        number=count(first["clicks"], {"page": "leads", "filters": {"q": first["domain"]}}),
        people=count(first["people"]),
    )
    step = sentence(
        language.gettext("These clicks do not count. To learn what interests these people, call them.")
    )
    return Told(title, why, step)
