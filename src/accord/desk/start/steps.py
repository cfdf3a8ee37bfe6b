"""The first steps of a workspace, each ticked by what is really there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from accord.agreement import starter_files
from accord.desk.rights import Role
from accord.desk.shell import formats
from accord.desk.teams.models import User
from accord.errors import MistakesError

if TYPE_CHECKING:
    from accord.desk.reading import Reading

SALES, MARKETING = (Role.REP, Role.MANAGER), (Role.MARKETER, Role.MARKETING_MANAGER)


@dataclass(frozen=True)
class Step:
    """One step: whether it is done, what is there (`found`), and what to do next (`todo`).

    `place` is the name of a page that helps and `act` what one does there, `commands` what does it on the
    command line, `mistakes` what has to be mended before.
    """

    name: str
    title: Any
    done: bool
    found: str
    todo: Any = ""
    place: str = ""
    act: Any = ""
    commands: tuple[str, ...] = ()
    mistakes: tuple[str, ...] = ()


def steps(reading: Reading) -> list[Step]:
    """The steps in their order."""
    return [_load(reading), _agreement(reading), _build(reading), _people(), _go_live(reading)]


def finished(reading: Reading) -> bool:
    """Whether the workspace has got going: what the last steps leave, asked on every page."""
    return reading.has_build and _go_live(reading).done and _people().done


def _load(reading: Reading) -> Step:
    standing = [load for load in reading.workspace.loads() if not load.withdrawn]
    facts = sum(load.loaded for load in standing)
    sources = ", ".join(sorted({load.source for load in standing if load.source}))
    found = _("%(facts)s facts from %(sources)s") % {
        "facts": formats.exact(facts, "count"),
        "sources": sources,
    }
    return Step(
        "load",
        _("Load what your tools know"),
        done=facts > 0,
        found=found if facts else _("Nothing is loaded yet"),
        todo=_(
            "Take an export of your CRM and of your marketing tool; a mapping is proposed from its columns."
        ),
        place="imports",
        act=_("Import files"),
        commands=("accord mapping EXPORTS > crm.yaml", "accord load EXPORTS --mapping crm.yaml"),
    )


def _agreement(reading: Reading) -> Step:
    text = (settings.WORKSPACE / "agreement.yaml").read_text(encoding="utf-8")
    own = text != starter_files()["agreement.yaml"]
    mistakes: tuple[str, ...] = ()
    found = _("It still is the starter agreement")
    try:
        version = reading.agreement.behaviour_hash
        if own:
            found = _("Your own, version %(version)s") % {"version": version}
    except MistakesError as error:
        mistakes = tuple(str(mistake) for mistake in error.mistakes)
        found = _("It has mistakes")
    return Step(
        "agreement",
        _("Write down what both teams agree on"),
        done=own and not mistakes,
        found=found,
        todo=_("Read agreement.yaml aloud with somebody of the other team and change what does not fit."),
        place="agreement",
        act=_("Read it in plain words"),
        commands=("accord check",),
        mistakes=mistakes,
    )


def _build(reading: Reading) -> Step:
    judged = reading.build.about["version"] if reading.has_build else None
    try:
        current = judged == reading.agreement.behaviour_hash
    except MistakesError:
        current = False
    found = _("Every lead is judged by the present agreement") if current else _("Nothing is built yet")
    if judged and not current:
        found = _("The agreement has changed since the last build")
    return Step(
        "build",
        _("Judge every lead by it"),
        done=current,
        found=found,
        todo=_("A build makes the numbers of both teams out of the facts and the agreement."),
        commands=("accord build",),
    )


def _people() -> Step:
    roles = list(User.objects.filter(is_active=True).values_list("role", flat=True))
    sales = sum(role in SALES for role in roles)
    marketing = sum(role in MARKETING for role in roles)
    return Step(
        "people",
        _("Bring both teams in"),
        done=sales > 0 and marketing > 0,
        found=_("%(marketing)s of marketing, %(sales)s of sales") % {"marketing": marketing, "sales": sales},
        todo=_("Add at least one marketer and one rep or manager, with the e-mail your tools know them by."),
        place="people",
        act=_("Add people"),
        commands=('accord user add ann@acme.example --name "Ann" --role rep',),
    )


def _go_live(reading: Reading) -> Step:
    live = reading.settings.mode == "live"
    return Step(
        "live",
        _("Go live"),
        done=live,
        found=_("Live: decisions count from now on")
        if live
        else _("In shadow: judges and shows, touches nobody"),
        todo=_(
            "When both teams believe the numbers, set the day as go_live in agreement.yaml, then go live."
        ),
        place="live",
        act=_("See what would happen"),
        commands=('mode = "live"',),
    )
