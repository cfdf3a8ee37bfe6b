"""Accord: the working agreement between a sales team and a marketing team, as software."""

__version__ = "0.1.0"
