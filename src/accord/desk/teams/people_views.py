"""The people page: who may sign in, in which role and teams; adding and changing people and teams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accord import workspace
from accord.desk.handoff.holding import held_by
from accord.desk.handoff.load import loads
from accord.desk.reading import reading_of
from accord.desk.rights import Right, Role, needs
from accord.desk.shell.pages import page
from accord.desk.shell.tables import csv_response, wants_csv
from accord.desk.signin import second_factor
from accord.desk.signin.entering import enter
from accord.desk.teams import actions, invitations, owners, roster
from accord.desk.teams.models import OwnerMatch, Team, User
from accord.errors import AccordError

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accord.desk.teams.roster import Member, Owner


@needs(Right.PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who can sign in, beside their records in the tools, and the teams."""
    working, agreement = _owners(request), reading_of(request).agreement
    members = roster.members(working, loads(agreement, workspace.now()))
    strangers = roster.strangers(working)
    teams = Team.objects.annotate(size=Count("members")).order_by("side", "name")
    if wants_csv(request):
        return _csv(request, members, strangers, teams)
    return page(
        request,
        "teams/people.html",
        members=members,
        able=sum(member.person.is_active and not member.invited for member in members),
        invited=sum(member.invited for member in members),
        owners_known=bool(working),
        strangers=strangers,
        waiting=sum(owner.open_leads for owner in strangers),
        able_people=[member.person for member in members if member.person.is_active],
        matches=OwnerMatch.objects.select_related("user").order_by("owner_id"),
        teams=teams,
        missing_teams=roster.missing_teams(agreement),
    )


def _csv(
    request: HttpRequest, members: list[Member], strangers: list[Owner], teams: QuerySet[Team]
) -> HttpResponse:
    """The table `?table=` names; that of people without a name."""
    table = request.GET.get("table", "people")
    if table == "owners":
        return csv_response(request, table, [roster.owner_row(owner) for owner in strangers])
    if table == "teams":
        return csv_response(request, table, [roster.team_row(team) for team in teams])
    return csv_response(request, "people", [roster.row(member) for member in members])


@require_POST
@needs(Right.PEOPLE)
def match_owner(request: HttpRequest) -> HttpResponse:
    """Says that an owner in the tools is somebody of the desk."""
    owner = next((o for o in _owners(request) if o.key == request.POST.get("owner")), None)
    chosen = request.POST.get("person", "")
    found = User.objects.filter(pk=chosen).first() if chosen.isdecimal() else None
    if owner is None or found is None:
        messages.error(request, _("Nothing is matched: choose a person."))
        return redirect("people")
    try:
        owners.match(owner.ids, found, by=_self(request))
    except AccordError as error:
        messages.error(request, str(error))
    else:
        names = {"owner": owner.name, "name": found.name}
        messages.success(request, _("%(owner)s in your tools is %(name)s from now on.") % names)
    return redirect("people")


@require_POST
@needs(Right.PEOPLE)
def unmatch_owner(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes back what was said of an owner."""
    owners.unmatch(get_object_or_404(OwnerMatch, pk=pk), by=_self(request))
    messages.success(request, _("It is taken back; the e-mail counts again."))
    return redirect("people")


@needs(Right.PEOPLE)
def add_person(request: HttpRequest) -> HttpResponse:
    """Adds somebody and shows, once, the link by which they set their password."""
    given = _given(request) if request.method == "POST" else _from_owner(request)
    if request.method != "POST":
        return _person_form(request, given)
    try:
        person = actions.add_person(
            given["email"], given["name"], _role(given["role"]), teams=given["teams"], by=_self(request)
        )
        path = actions.invite(person, by=_self(request))
    except AccordError as error:
        return _person_form(request, given, error)
    return _link_page(request, person, path)


@needs(Right.PEOPLE)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: role and teams to change, records in the tools."""
    found = get_object_or_404(User, pk=pk)
    given = _standing(found)
    if request.method == "POST":
        given = _given(request)
        try:
            actions.change_person(found, _role(given["role"]), given["teams"], by=_self(request))
        except AccordError as error:
            return _person_form(request, given, error, found)
        messages.success(request, _("%(name)s is changed.") % {"name": found.name})
        return redirect("people")
    return _person_form(request, given, person=found)


@require_POST
@needs(Right.PEOPLE)
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows, once, a new link by which the person sets their password."""
    found = get_object_or_404(User, pk=pk)
    try:
        return _link_page(request, found, actions.invite(found, by=_self(request)))
    except AccordError as error:
        return _refused(request, error, found)


@require_POST
@needs(Right.PEOPLE)
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends the person's access, or gives it back."""
    found = get_object_or_404(User, pk=pk)
    change = actions.deactivate if found.is_active else actions.activate
    try:
        change(found, by=_self(request))
    except AccordError as error:
        return _refused(request, error, found)
    done = _("%(name)s can sign in again.") if found.is_active else _("%(name)s can no longer sign in.")
    messages.success(request, done % {"name": found.name})
    return redirect("people")


@needs(Right.PEOPLE)
def add_team(request: HttpRequest) -> HttpResponse:
    """Adds a team."""
    slug = request.GET.get("slug", "")
    given = {"slug": slug, "name": slug.replace("-", " ").capitalize(), "side": Team.Side.SALES}
    if request.method != "POST":
        return _team_form(request, given)
    given = {name: request.POST.get(name, "") for name in ("slug", "name", "side")}
    try:
        actions.add_team(given["slug"], given["name"], _side(given["side"]), by=_self(request))
    except AccordError as error:
        return _team_form(request, given, error)
    return redirect("people")


@needs(Right.PEOPLE)
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """Changes a team's name and side."""
    found = get_object_or_404(Team, slug=slug)
    given = {"slug": slug, "name": found.name, "side": found.side}
    if request.method != "POST":
        return _team_form(request, given, team=found)
    given |= {name: request.POST.get(name, "") for name in ("name", "side")}
    try:
        actions.change_team(found, given["name"], _side(given["side"]), by=_self(request))
    except AccordError as error:
        return _team_form(request, given, error, found)
    return redirect("people")


@require_POST
@needs(Right.PEOPLE)
def delete_team(request: HttpRequest, slug: str) -> HttpResponse:
    """Deletes a team that nobody needs."""
    found, reading = get_object_or_404(Team, slug=slug), reading_of(request)
    named = roster.named_teams(reading.agreement)
    if reading.has_build:
        named += roster.named_teams(reading.judged_by)
    try:
        actions.delete_team(found, named, by=_self(request))
    except AccordError as error:
        given = {"slug": slug, "name": found.name, "side": found.side}
        return _team_form(request, given, error, found)
    messages.success(request, _("The team %(name)s is deleted.") % {"name": found.name})
    return redirect("people")


def welcome(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """Where an invitation leads: the person sets their password and goes in."""
    invited = invitations.invited(key, token)
    if invited is None:
        return render(request, "teams/welcome.html", {"invited": None}, status=410)
    if request.method == "POST":
        try:
            user = actions.accept_invitation(key, token, request.POST.get("password", ""))
        except AccordError as error:
            return render(request, "teams/welcome.html", {"invited": invited, "error": error}, status=422)
        return enter(request, user)
    return render(request, "teams/welcome.html", {"invited": invited})


def _given(request: HttpRequest) -> dict[str, Any]:
    given: dict[str, Any] = {name: request.POST.get(name, "") for name in ("email", "name", "role")}
    return given | {"teams": request.POST.getlist("teams")}


def _standing(person: User) -> dict[str, Any]:
    return {"role": person.role, "teams": list(person.teams.values_list("slug", flat=True))}


def _from_owner(request: HttpRequest) -> dict[str, Any]:
    """What is known of an owner in the tools that the address names: `?owner=crm:owner:17`."""
    asked = request.GET.get("owner")
    owner = next((owner for owner in _owners(request) if owner.key == asked), None)
    if owner is None:
        return {"role": Role.REP, "teams": []}
    return {"email": owner.email or "", "name": owner.name, "role": Role.REP, "teams": [owner.team or ""]}


def _person_form(
    request: HttpRequest, given: dict[str, Any], error: AccordError | None = None, person: User | None = None
) -> HttpResponse:
    owner = next((o for o in _owners(request) if person and o.email == person.email), None)
    return page(
        request,
        "teams/person.html",
        status=422 if error else 200,
        given=given,
        error=error,
        person=person,
        owner=owner,
        held=held_by(person).count() if person else 0,
        identities=person is not None and person.identities.exists(),
        second_factor=person is not None and second_factor.is_on(person),
        roles=[(role, roster.ROLES[role]) for role in Role],
        teams=Team.objects.order_by("side", "name"),
    )


def _team_form(
    request: HttpRequest, given: dict[str, Any], error: AccordError | None = None, team: Team | None = None
) -> HttpResponse:
    return page(
        request,
        "teams/team.html",
        status=422 if error else 200,
        given=given,
        error=error,
        team=team,
        sides=Team.Side.choices,
    )


def _link_page(request: HttpRequest, person: User, path: str) -> HttpResponse:
    return page(request, "teams/link.html", person=person, link=request.build_absolute_uri(path))


def _refused(request: HttpRequest, error: AccordError, person: User) -> HttpResponse:
    return _person_form(request, _standing(person), error, person)


def _owners(request: HttpRequest) -> list[Owner]:
    return roster.owners(reading_of(request).tool_users, owners.by_hand())


def _self(request: HttpRequest) -> User:
    return cast(User, request.user)


def _role(name: str) -> Role:
    if name not in Role.values:
        raise actions.PersonRefused("A person needs a role.", mend="Choose one.")
    return Role(name)


def _side(name: str) -> Team.Side:
    if name not in Team.Side.values:
        raise actions.TeamRefused("A team is of marketing or of sales.", mend="Choose one.")
    return Team.Side(name)
