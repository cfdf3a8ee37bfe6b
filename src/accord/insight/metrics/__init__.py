"""KPIs as data, the scoreboard that computes them, and the steps that bring amounts into one currency."""

from accord.insight.metrics.money import steps

__all__ = ["steps"]
