"""What both teams promised: the agreement file, checked, with conditions, versions and a starter."""

from accord.agreement.agreement import Agreement, Calendar, Stage, Target
from accord.agreement.conditions import Condition
from accord.agreement.durations import Duration
from accord.agreement.fields import AUDIENCE_FIELDS, GATE_FIELDS, LEAD_FIELDS, SCORE_FIELDS, TOUCH_FIELDS
from accord.agreement.loading import check, load, parse
from accord.agreement.reference import json_schema
from accord.agreement.starter import starter_files

__all__ = [
    "AUDIENCE_FIELDS",
    "GATE_FIELDS",
    "LEAD_FIELDS",
    "SCORE_FIELDS",
    "TOUCH_FIELDS",
    "Agreement",
    "Calendar",
    "Condition",
    "Duration",
    "Stage",
    "Target",
    "check",
    "json_schema",
    "load",
    "parse",
    "starter_files",
]
