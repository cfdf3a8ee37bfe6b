"""The words of targets and deliveries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from accord.insight.exceptions.parts import Language, Part, measure, sentence, share, together
from accord.insight.exceptions.words.campaigns import came_back
from accord.insight.exceptions.words.told import Told


def target(data: Mapping[str, Any], language: Language) -> Told:
    """A target missed, or behind its pace."""
    number = _number_of(data)
    if data["gone"] >= 1:
        title = sentence(
            language.gettext("{label} of {period} missed by {short}"),
            label=data["label"],
            period=data["period"],
            short=number(data["target"] - data["value"], _opens(data)),
        )
        reached = language.gettext("{value} of {target} reached.")
        stands = sentence(reached, value=number(data["value"]), target=number(data["target"]))
        before = _before(data, language, language.gettext("The period before brought {before}."))
        step = language.gettext("Talk about the cause in the review, and agree on what changes.")
    else:
        title = sentence(
            language.gettext("{label} of {period} at {value} of {target}, with {gone} of the time gone"),
            label=data["label"],
            period=data["period"],
            value=number(data["value"], _opens(data)),
            target=number(data["target"]),
            gone=share(data["gone"]),
        )
        pace = language.gettext("An even pace would have brought {even} by now.")
        stands = sentence(pace, even=number(data["even"]))
        before = _before(data, language, language.gettext("The period before had {before} at this point."))
        step = language.gettext("Look at what can still close in the period, and at what fell.")
    return Told(title, together(stands, _cause(data, language), before), sentence(step))


def delivery_behind(data: Mapping[str, Any], language: Language) -> Told:
    """What marketing owes, behind its pace."""
    number = _number_of(data)
    title = sentence(
        language.gettext("{label} in {period}: {value} of {target} delivered, with {gone} of the time gone"),
        label=f"{data['label']} ({data['segment']})" if data["segment"] else data["label"],
        period=data["period"],
        value=number(data["value"], _opens(data)),
        target=number(data["target"]),
        gone=share(data["gone"]),
    )
    pace = language.gettext("An even pace would have brought {even} by now.")
    stands = sentence(pace, even=number(data["even"]))
    before = _before(data, language, language.gettext("The period before had {before} at this point."))
    back = came_back(data, language)
    step = sentence(language.gettext("Bring forward what is planned, or tell sales today."))
    if back:
        step = sentence(
            language.gettext("Agree with sales on whom {campaign} should reach."), campaign=data["name"]
        )
    return Told(title, together(stands, before, back), step)


def _cause(data: Mapping[str, Any], language: Language) -> list[Part]:
    templates = {
        None: "",
        "leads": language.gettext("Fewer new leads came: {now} after {before} the period before."),
        "qualification": language.gettext("Fewer leads qualified: {now} after {before} the period before."),
        "volume": language.gettext("Fewer leads were handed over: {now} after {before} the period before."),
        "acceptance": language.gettext(
            "Sales accepted fewer of the leads: {now} after {before} the period before."
        ),
        "win_rate": language.gettext("Fewer deals were won: {now} after {before} the period before."),
        "average_deal": language.gettext("Deals were smaller: {now} after {before} the period before."),
    }
    template = templates[data["cause"]]
    if not template:
        return []
    unit, currency = data["cause_unit"], data["currency"]
    return sentence(
        template,
        now=measure(data["cause_now"], unit, currency),
        before=measure(data["cause_before"], unit, currency),
    )


def _before(data: Mapping[str, Any], language: Language, template: str) -> list[Part]:
    if data["before"] is None:
        return []
    return sentence(template, before=_number_of(data)(data["before"]))


def _opens(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The KPI's own page, for the period the promise is of."""
    segment = {"segment": data["segment"]} if data.get("segment") else {}
    return {"kpi": data["kpi"], "filters": {"period": data["period"], **segment}}


def _number_of(data: Mapping[str, Any]) -> Callable[..., Part]:
    """Writes amounts of the data's own KPI."""

    def number(value: float, opens: Mapping[str, Any] | None = None) -> Part:
        return measure(value, data["unit"], data["currency"], opens)

    return number
