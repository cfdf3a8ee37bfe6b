"""What the numbers of sealed reports, and the causes of their changes, are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from accord.desk.campaigns.chosen import MODELS
from accord.desk.campaigns.names import CHANNELS
from accord.insight.restatement import Cause

if TYPE_CHECKING:
    from accord.desk.reading import Reading
    from accord.insight.restatement import Number

REPORTS = {"scoreboard": _("Scoreboard"), "channels": _("Channels"), "campaigns": _("Campaigns")}

FIGURES = {
    "conversions": _("conversions"),
    "value": _("value"),
    "cost": _("cost"),
    "leads": _("leads"),
    "returned": _("given back"),
    "pipeline": _("pipeline"),
    "won_value": _("won"),
}

CAUSES = {
    Cause.LOOK_BACK: _("look-back still open"),
    Cause.LATE: _("late fact"),
    Cause.COST: _("cost correction"),
    Cause.MERGE: _("merge or un-merge"),
    Cause.TAKEN_BACK: _("load taken back"),
    Cause.AGREEMENT: _("agreement version"),
    Cause.NOT_ITEMISED: _("not itemised"),
}

MEANT = {
    Cause.LOOK_BACK: _("Time went on: what happened since reaches back into the period."),
    Cause.LATE: _("It had happened before, and was learnt only afterwards."),
    Cause.COST: _("Spend or a rate of a day before the sealing came, or changed."),
    Cause.MERGE: _("Two names were joined, taken apart or kept apart."),
    Cause.TAKEN_BACK: _("A load that had counted was undone."),
    Cause.AGREEMENT: _("Another version of the agreement judges now."),
    Cause.NOT_ITEMISED: _("The facts known then do not give the sealed number: settings or Accord changed."),
}


class Words:
    """The names of numbers in the words of the build that is looked at."""

    def __init__(self, reading: Reading) -> None:
        self.kpis = {kpi.name: kpi.label for kpi in reading.kpis}
        self.stages = {stage["stage"]: stage["label"] for stage in reading.stages}

    def name(self, number: Number) -> dict[str, Any]:
        """`of`: the KPI, channel or campaign; `figure`: which number of it, empty for a KPI."""
        if number.report == "scoreboard":
            return {"of": self.kpis.get(number.of, number.of), "figure": ""}
        figure = FIGURES.get(number.figure, self.stages.get(number.figure, number.figure))
        model = MODELS.get(number.model, number.model)
        return {
            "of": CHANNELS.get(number.of, number.of),
            "figure": f"{figure}, {model}" if number.model else figure,
        }
