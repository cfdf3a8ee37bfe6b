"""What reports call channels that are none, in words."""

from django.utils.translation import gettext_lazy as _

CHANNELS = {
    "(sales)": _("Sales outreach"),
    "(not set)": _("No channel on record"),
    "(none)": _("No touch to credit"),
}
