"""Notes on a lead: what people want each other to know of it. They stay at the desk and are no facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accord.desk.leads.models import LeadNote
from accord.desk.teams.actions import note as audit
from accord.desk.teams.models import User
from accord.errors import AccordError

if TYPE_CHECKING:
    from accord.desk.reading import Reading

LONGEST = 4000

_RECORDS = """
SELECT actors.actor FROM actors JOIN people ON actors.person = people.person
WHERE people.person_id = ? OR 'person=' || people.person = ? OR actors.person IN (
    SELECT person FROM lead_list WHERE 'lead=' || lead = ?
) OR actors.person IN (SELECT person FROM actors WHERE actor = ?)
ORDER BY actors.actor
"""


class NoteRefused(AccordError):
    """A note cannot be kept."""

    code = "note_refused"


def records_of(reading: Reading, name: str) -> list[str]:
    """All records found to be the person of that name or address (`crm:person:17`, `lead=5`)."""
    return [row["actor"] for row in reading.rows(_RECORDS, [name] * 4)]


def record_of(reading: Reading, name: str) -> str:
    """The record a note is kept with. Raises NoteRefused for somebody no tool knows by a name."""
    found = records_of(reading, name)
    if name in found:
        return name
    if not found:
        raise NoteRefused("Nobody knows who this is yet.", mend="Write the note once a tool has a record.")
    return found[0]


@transaction.atomic
def add(record: str, text: str, *, by: User) -> LeadNote:
    """Keep a note with a person's record. Raises NoteRefused."""
    given = text.strip()
    if not given:
        raise NoteRefused("The note is empty.", mend="Write something.")
    if len(given) > LONGEST:
        raise NoteRefused(f"A note has at most {LONGEST} letters.", mend="Shorten it.")
    made = LeadNote.objects.create(record=record, text=given, by=by)
    audit(by, "note written", f"note {made.pk}")
    return made


@transaction.atomic
def remove(pk: int, *, by: User) -> None:
    """Remove one of somebody's own notes; others' stay."""
    if LeadNote.objects.filter(pk=pk, by=by).delete()[0]:
        audit(by, "note removed", f"note {pk}")
