"""What is done about proposals: made, edited, discussed, signed, withdrawn, put in force.

Whoever signs says what they have seen: a proposal that was edited meanwhile is not signed by it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from accord.agreement import parse
from accord.desk.hours.calendars import aware
from accord.desk.jobs.actions import enqueue, enqueue_once
from accord.desk.proposals.models import Comment, Proposal, Signature, Trial
from accord.desk.proposals.telling import tell_in_force, tell_proposed, tell_signed
from accord.desk.reading import agreement_of
from accord.desk.rights import Role
from accord.desk.teams.actions import note
from accord.desk.teams.models import Team, User
from accord.errors import AccordError

if TYPE_CHECKING:
    from accord.agreement import Agreement

FILE = "agreement.yaml"
JOB = "backtest"
SIGNS_FOR: Mapping[str, Team.Side] = {
    Role.MANAGER: Team.Side.SALES,
    Role.MARKETING_MANAGER: Team.Side.MARKETING,
}
"""For which team somebody signs, by role. Nobody signs for both, and operations for none."""
State = Proposal.State


class ProposalRefused(AccordError):
    """A proposal cannot be made, edited or signed as asked."""

    code = "proposal_refused"


def text_in_force(folder: Path) -> str:
    """The agreement's file as it lies in the workspace."""
    return (folder / FILE).read_text(encoding="utf-8")


def words_in_force(folder: Path) -> str:
    """The messages file as it lies in the workspace; empty where there is none."""
    file = _words_file(folder)
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def agreement_of_text(folder: Path, text: str, words: str | None = None) -> Agreement:
    """The agreement that a text is, with these messages or those of the workspace. Raises MistakesError."""
    return parse(text, FILE, words_in_force(folder) if words is None else words)


@dataclass(frozen=True)
class Draft:
    """What somebody proposes: a title, the whole file, the local day it begins, the day of its review.

    `words`: the whole messages file; None leaves it as it is.
    """

    title: str
    text: str
    from_day: date
    review_day: date | None
    words: str | None = None


@transaction.atomic
def propose(folder: Path, draft: Draft, today: date, now: datetime, *, by: User) -> Proposal:
    """Propose an agreement. Raises MistakesError and ProposalRefused, and then changes nothing."""
    _check(folder, draft, today)
    made = Proposal.objects.create(**_fields(folder, draft), by=by, at=aware(now))
    note(by, "change proposed", f"proposal {made.pk}")
    tell_proposed(made, now, by)
    return made


@transaction.atomic
def edit(folder: Path, proposal: Proposal, draft: Draft, today: date, *, by: User) -> None:
    """Change a proposal that is open; who has signed has to sign again. Raises as `propose`."""
    _check(folder, draft, today)
    found = _open(proposal)
    before = found.digest
    for name, value in {**_fields(folder, draft), "why": ""}.items():
        setattr(found, name, value)
    found.save()
    if found.digest != before:
        found.signatures.all().delete()
    note(by, "proposal edited", f"proposal {found.pk}")


@transaction.atomic
def sign(
    folder: Path, proposal: Proposal, seen: str, dissent: str, today: date, now: datetime, *, by: User
) -> Signature:
    """Sign for one's team what was seen (the digest shown); with the other team's signature it is agreed on.

    Raises ProposalRefused, and then changes nothing.
    """
    side = SIGNS_FOR.get(by.role)
    if side is None or not by.is_active:
        raise ProposalRefused("You sign for neither team.", mend="Ask a team's manager.")
    found = _open(proposal)
    if found.digest != seen:
        raise ProposalRefused("It was edited meanwhile.", mend="Read it again, then sign.")
    if not _is_on_the_present(folder, found):
        raise ProposalRefused(
            "Another agreement has come into force since it was made.", mend="Edit it on the present one."
        )
    if found.from_day < today:
        raise ProposalRefused("The day it was to begin is over.", mend="Edit it with another day.")
    agreement_of_text(folder, found.text, found.words)
    try:
        with transaction.atomic():
            made = Signature.objects.create(
                proposal=found,
                side=side,
                by=by,
                name=by.name,
                dissent=dissent.strip()[:4000],
                digest=seen,
                at=aware(now),
            )
    except IntegrityError:
        raise ProposalRefused("Your team has signed already.", mend="Load the page again.") from None
    note(by, "proposal signed", f"proposal {found.pk} for {side}")
    if found.signatures.count() == len(Team.Side):
        found.state = State.SIGNED
        found.save(update_fields=["state"])
    tell_signed(found, made, now)
    return made


@transaction.atomic
def withdraw(proposal: Proposal, *, by: User) -> None:
    """Take a proposal back, if it is one's own or one signs for a team. Raises ProposalRefused."""
    if proposal.by != by and by.role not in SIGNS_FOR:
        raise ProposalRefused("This is somebody else's.", mend="Say in a comment what speaks against it.")
    waiting = Proposal.objects.filter(pk=proposal.pk, state__in=[State.OPEN, State.SIGNED])
    if not waiting.update(state=State.WITHDRAWN):
        raise ProposalRefused("It is decided already.", mend="Load the page again.")
    note(by, "proposal withdrawn", f"proposal {proposal.pk}")


@transaction.atomic
def comment(proposal: Proposal, text: str, now: datetime, *, by: User) -> Comment:
    """Say something of a proposal. Raises ProposalRefused."""
    if not 0 < len(text.strip()) <= 4000:
        raise ProposalRefused("A comment has up to 4000 letters, and some.", mend="Write it anew.")
    return Comment.objects.create(proposal=proposal, by=by, text=text.strip(), at=aware(now))


@transaction.atomic
def try_on_the_past(proposal: Proposal, now: datetime, *, by: User) -> Trial:
    """Ask for a backtest of a proposal as it stands, unless one of just this is there."""
    same = proposal.trials.filter(digest=proposal.digest).exclude(job__state="failed").first()
    if same is not None:
        return same
    trial = Trial.objects.create(proposal=proposal, digest=proposal.digest, at=aware(now))
    trial.job = enqueue(JOB, {"trial": trial.pk}, by=by)
    trial.save(update_fields=["job"])
    return trial


def put_in_force(folder: Path, today: date, now: datetime) -> bool:
    """Put in force what both teams have signed and whose day has come; whether there was anything.

    The files are written before the row says so: a worker that dies in between finds them written.
    """
    due = Proposal.objects.filter(state=State.SIGNED, from_day__lte=today, why="").order_by("from_day", "pk")
    proposal = due.first()
    if proposal is None:
        return False
    if changed := _changed_meanwhile(folder, proposal):
        Proposal.objects.filter(pk=proposal.pk).update(
            why=f"{changed} was changed since this was made; propose it anew on the present one."
        )
        return True
    if proposal.words is not None and words_in_force(folder) != proposal.words:
        _write(_words_file(folder), proposal.words)
    if text_in_force(folder) != proposal.text:
        _write(folder / FILE, proposal.text)
    with transaction.atomic():
        taken = Proposal.objects.filter(pk=proposal.pk, state=State.SIGNED)
        if taken.update(state=State.IN_FORCE, in_force_at=aware(now)):
            note(None, "agreement in force", f"proposal {proposal.pk}")
            tell_in_force(proposal, now)
            enqueue_once("build")
    return True


def _is_on_the_present(folder: Path, proposal: Proposal) -> bool:
    """Whether a proposal was made from the files as they are."""
    same_words = proposal.words is None or words_in_force(folder) == proposal.words_base
    return proposal.base == _digest(text_in_force(folder)) and same_words


def _changed_meanwhile(folder: Path, proposal: Proposal) -> str | None:
    """The file that is neither what a proposal was made from, nor what it makes of it."""
    if _digest(text_in_force(folder)) not in (proposal.base, _digest(proposal.text)):
        return FILE
    if proposal.words is not None and words_in_force(folder) not in (proposal.words_base, proposal.words):
        return _words_file(folder).name
    return None


def _check(folder: Path, draft: Draft, today: date) -> None:
    if not 0 < len(draft.title.strip()) <= 120:
        raise ProposalRefused("A proposal needs a title.", mend="Say what it changes.", field="title")
    if draft.from_day < today:
        raise ProposalRefused("It cannot begin in the past.", mend="Choose a later day.", field="from")
    if draft.review_day is not None and draft.review_day <= draft.from_day:
        raise ProposalRefused("It is reviewed after it begins.", mend="Choose a later day.", field="review")
    made = agreement_of_text(folder, draft.text, draft.words)
    if draft.words is not None and made.messages_file != _words_file(folder).name:
        raise ProposalRefused(
            "The messages would not be read.",
            mend=f"Write `messages: {_words_file(folder).name}` into the agreement.",
            field="words",
        )
    if draft.text == text_in_force(folder) and draft.words is None:
        raise ProposalRefused("This is the agreement as it is.", mend="Change something.", field="text")


def _fields(folder: Path, draft: Draft) -> dict[str, Any]:
    """What a proposal keeps of a draft, with the files it is made from."""
    base = {"base": _digest(text_in_force(folder)), "words_base": words_in_force(folder)}
    return {**asdict(draft), **base, "title": draft.title.strip()}


def _open(proposal: Proposal) -> Proposal:
    """The proposal, locked, while it is open. Raises ProposalRefused."""
    found = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if found.state != State.OPEN:
        raise ProposalRefused(
            f"It is decided: {found.get_state_display().lower()}.", mend="Make another proposal."
        )
    return found


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _words_file(folder: Path) -> Path:
    return folder / (agreement_of(folder).messages_file or "messages.yaml")


def _write(file: Path, text: str) -> None:
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    unfinished.write_text(text, encoding="utf-8")
    if file.exists():
        unfinished.chmod(file.stat().st_mode)
    unfinished.replace(file)
