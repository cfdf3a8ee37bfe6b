"""Views of the leads list that somebody keeps under a name, and notes on leads."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accord.desk.teams.models import User


class SavedView(models.Model):
    """An address of the leads list, kept under a name; `shared` shows it to the person's teams."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    shared = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "name"], name="one_view_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class LeadNote(models.Model):
    """A note on a lead's person, kept with one of their records (`crm:person:17`)."""

    record = models.CharField(max_length=300, db_index=True)
    text = models.TextField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)


def views_for(user: User) -> list[SavedView]:
    """The person's own views and those that team mates share."""
    mates = Q(shared=True, user__teams__in=user.teams.all())
    return list(SavedView.objects.filter(Q(user=user) | mates).select_related("user").distinct())
