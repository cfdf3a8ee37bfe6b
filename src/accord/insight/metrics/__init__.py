"""KPIs as data, the scoreboard that computes them, and the steps that bring amounts into one currency."""

from accord.insight.metrics.booked import booked
from accord.insight.metrics.kpis import KPIS, Kpi, kpis_of
from accord.insight.metrics.measures import steps as board_steps
from accord.insight.metrics.money import steps
from accord.insight.metrics.reference import reference
from accord.insight.metrics.scoreboard import scoreboard

__all__ = ["KPIS", "Kpi", "board_steps", "booked", "kpis_of", "reference", "scoreboard", "steps"]
