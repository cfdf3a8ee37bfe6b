"""What keeps and removes views of the leads list."""

from __future__ import annotations

from django.db import transaction

from accord.desk.leads.models import SavedView
from accord.desk.teams.actions import note
from accord.desk.teams.models import User
from accord.errors import AccordError


class ViewRefused(AccordError):
    """A view cannot be kept as given."""

    code = "view_refused"


@transaction.atomic
def save_view(user: User, name: str, query: str, *, shared: bool) -> SavedView:
    """Keep the address under a name; one's own view of that name is replaced. Raises ViewRefused."""
    given = " ".join(name.split())
    longest = SavedView._meta.get_field("name").max_length or 0
    if not given or len(given) > longest:
        raise ViewRefused("A view needs a name.", mend=f"Give it one of up to {longest} letters.")
    if len(query) > (SavedView._meta.get_field("query").max_length or 0):
        raise ViewRefused("This view has too many filters to be kept.", mend="Take some away.")
    changed = {"query": query, "shared": shared and user.teams.exists()}
    view, _ = SavedView.objects.update_or_create(user=user, name=given, defaults=changed)
    note(user, "lead view saved", f"view {view.pk}")
    return view


@transaction.atomic
def remove_view(user: User, pk: int) -> None:
    """Remove one of the person's own views; others' stay, and so does a view that is not there."""
    if SavedView.objects.filter(user=user, pk=pk).delete()[0]:
        note(user, "lead view removed", f"view {pk}")
