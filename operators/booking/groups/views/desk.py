from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.facts import grouped
from cep_portal.common.sent_once import sent_once
from cep_portal.common.wording.numbers import plural
from operators.booking.groups import rules, selectors, services
from operators.booking.groups.enums import GroupState, PlaceState, ReachedWay
from operators.booking.groups.forms import AttendanceForm, GroupSessionForm
from operators.booking.groups.models import GroupPlace, GroupSession
from operators.booking.groups.presenters import ToldRow, told_rows
from operators.booking.groups.services import MeetingPlan
from operators.network.models import Adviser, Site

PAGE = 50


@require(rules.can_run_groups)
@require_safe
def group_desk(request: SignedRequest) -> HttpResponse:
    """Which meetings do we hold, and how many people come?"""
    past = request.GET.get("quand") == "passees"
    sessions = selectors.desk_sessions(user=request.user, now=timezone.now(), past=past)
    tabs = [
        {"label": "À venir", "url": "?", "current": not past},
        {"label": "Passées", "url": "?quand=passees", "current": past},
    ]
    context = {
        "page": Paginator(sessions, PAGE).get_page(request.GET.get("page")),
        "tabs": tabs,
        "past": past,
    }
    return render(request, "operators/booking/groups/group_desk.html", context)


@require(rules.can_run_groups)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def group_add(request: SignedRequest) -> HttpResponse:
    """Open a meeting to the public."""
    sites = Site.objects.visible_to(request.user).filter(is_open=True).select_related("contract")
    advisers = Adviser.objects.visible_to(request.user).filter(is_active=True)
    form = GroupSessionForm(
        request.POST or None,
        sites=sites.order_by("name", "pk"),
        advisers=advisers.select_related("user", "site__contract").order_by(
            "user__last_name", "user__first_name", "pk"
        ),
        initial={"adviser": getattr(advisers.filter(user=request.user).first(), "uuid", None)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            session = services.open_group_session(
                **grouped(form.facts(), meeting=MeetingPlan), by=request.user, now=timezone.now()
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "La réunion est ouverte au public.")
            return redirect("operators:group_detail", session.uuid)
    return render(request, "operators/booking/groups/group_add.html", {"form": form})


@require(rules.can_run_groups)
@require_http_methods(["GET", "HEAD", "POST"])
def group_detail(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Who comes, and who came?"""
    session, now = _session(request, uuid), timezone.now()
    places = list(selectors.participants(session=session))
    came = [str(place.uuid) for place in places if place.state == PlaceState.ATTENDED]
    form = AttendanceForm(request.POST or None, places=places, present={"came": came})
    if request.method == "POST" and form.is_valid():
        try:
            services.mark_attendance(
                session=session, came=form.cleaned_data["came"], seen=form.as_seen(), by=request.user, now=now
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Les présences sont notées.")
            return redirect("operators:group_detail", session.uuid)
    has_begun = session.starts_at <= now
    context = {
        "session": session,
        "site": session.site,
        "places": places,
        "form": form,
        "marks": has_begun and session.state != GroupState.CANCELLED and bool(places),
        "can_cancel": not has_begun and session.state == GroupState.OPEN,
        "told": _told(session),
        "ways": ReachedWay.choices,
    }
    return render(request, "operators/booking/groups/group_detail.html", context)


@require(rules.can_run_groups)
@require_http_methods(["GET", "HEAD", "POST"])
def group_cancel(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Cancel a meeting: who will be told?"""
    session = _session(request, uuid)
    if request.method == "POST":
        try:
            session = services.cancel_group_session(session=session, by=request.user, now=timezone.now())
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"La réunion est annulée. {_said(session)}")
        return redirect("operators:group_detail", session.uuid)
    places = selectors.participants(session=session)
    context = {"session": session, "site": session.site, "places": places}
    return render(request, "operators/booking/groups/group_cancel.html", context)


def _told(session: GroupSession) -> list[ToldRow]:
    if session.state != GroupState.CANCELLED:
        return []
    return told_rows(selectors.told_of_cancellation(session=session), zone=session.site.zone)


def _said(session: GroupSession) -> str:
    rows = _told(session)
    left = sum(row.must_call for row in rows)
    if not rows:
        return "Personne n’était inscrit."
    if not left:
        return "Un message part à chaque personne."
    return f"{left} personne{plural(left)} à appeler : aucun message ne part."


@require(rules.can_run_groups)
@require_POST
def group_reached(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """This person was told of the cancelled meeting: how?"""
    sessions = GroupSession.objects.visible_to(request.user)
    place = get_object_or_404(GroupPlace.objects.filter(session__in=sessions), uuid=uuid)
    way = request.POST.get("voie", "")
    if way not in ReachedWay:
        raise Http404
    try:
        services.note_reached(place=place, way=way, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "C’est noté.")
    return redirect("operators:group_detail", place.session.uuid)


def _session(request: SignedRequest, uuid: UUID) -> GroupSession:
    sessions = GroupSession.objects.visible_to(request.user)
    return get_object_or_404(
        sessions.select_related("site", "adviser__user", "second_adviser__user"), uuid=uuid
    )
