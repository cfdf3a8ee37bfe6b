"""Whose working time somebody keeps: their own, their teams', everybody's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from accord.desk.rights import Right, rights_of
from accord.desk.teams.models import User

if TYPE_CHECKING:
    from django.db.models import QuerySet


def kept_by(keeper: User) -> QuerySet[User]:
    """The people whose working time somebody may see and change."""
    rights = rights_of(keeper)
    if Right.HOURS in rights and Right.PEOPLE in rights:
        return User.objects.all()
    kept = Q(pk=keeper.pk) if Right.OWN_SETTINGS in rights else Q(pk=None)
    if Right.HOURS in rights:
        kept |= Q(teams__in=keeper.teams.all())
    return User.objects.filter(kept).distinct()


def may_set_share(keeper: User) -> bool:
    """Whether somebody may say how many leads those people get; without the right not even for themselves."""
    return Right.HOURS in rights_of(keeper)
