from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cep_portal.accounts.services import record_opening
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.templatetags.french import short_day
from operators.agenda.enums import AppointmentState
from operators.agenda.models import Appointment
from operators.network.models import Adviser
from operators.pathways import lines, rules, selectors, services
from operators.pathways.enums import Attendance, NextStep, PathwayState
from operators.pathways.errors import AlreadyLogged, LogRefused
from operators.pathways.forms import ClosingForm, DayForm, PathwaySearchForm, SessionLogForm

SHOWN_TO_LOG = 12
PER_PAGE = 30
SEARCH_KEY = "pathway_search"


@require(rules.can_log_sessions)
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """What have I to do now? The day in order, and what waits for its log."""
    now = timezone.now()
    adviser = selectors.adviser_of(user=request.user)
    if adviser is None:
        return render(request, "operators/pathways/no_adviser.html")
    present = rules.local_day(now, adviser.site.zone)
    form = DayForm(request.GET or None)
    day = form.cleaned_data["jour"] if form.is_valid() else present
    to_log = list(selectors.appointments_to_log(user=request.user, now=now)[: SHOWN_TO_LOG + 1])
    context = {
        "adviser": adviser,
        "day": day,
        "is_present": day == present,
        "moves": _moves(day, present),
        "days": [_day(request, adviser, day, now=now)],
        "to_log": [lines.log_entry(one, now=now) for one in to_log[:SHOWN_TO_LOG]],
        "more_to_log": len(to_log) > SHOWN_TO_LOG,
        "form": DayForm(initial={"jour": day.isoformat()}),
    }
    return render(request, "operators/pathways/today.html", context)


def _day(request: HttpRequest, adviser: Adviser, day: date, *, now: datetime) -> dict:
    found = list(selectors.day_appointments(adviser=adviser, user=request.user, on=day))
    known = selectors.pathways_by_person(appointments=found)
    entries = [
        lines.day_entry(one, known.get((one.beneficiary_id, one.site.contract_id)), now=now) for one in found
    ]
    return {"label": f"{len(entries)} rendez-vous" if entries else "", "entries": entries}


def _moves(day: date, present: date) -> list[dict]:
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    days = [(f"‹ {short_day(before)}", before), ("Aujourd’hui", present), (f"{short_day(after)} ›", after)]
    items = [
        {"label": label, "url": f"?jour={target.isoformat()}", "current": target == day}
        for label, target in days
    ]
    return [{"label": "Jour", "items": items}]


@require(rules.can_log_sessions)
@require_http_methods(["GET", "HEAD", "POST"])
def session_log(request: HttpRequest, uuid) -> HttpResponse:
    """What became of this appointment? One screen, under a minute."""
    appointment = selectors.appointment_to_log(user=request.user, uuid=uuid)
    if appointment is None:
        raise Http404
    if appointment.state != AppointmentState.BOOKED:
        return _already_logged(request, appointment)
    form = _log_form(request, appointment)
    if request.method == "POST" and form.is_valid():
        try:
            services.log_session(appointment=appointment, **form.facts(), by=request.user, now=timezone.now())
        except AlreadyLogged:
            return _already_logged(request, appointment)
        except LogRefused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            return _logged(request, appointment, next_step=form.facts()["next_step"])
    context = {
        "appointment": appointment,
        "form": form,
        "pathway": selectors.known_pathway(appointment=appointment),
        "has_started": appointment.starts_at <= timezone.now(),
    }
    return render(request, "operators/pathways/session_log.html", context)


def _log_form(request: HttpRequest, appointment: Appointment) -> SessionLogForm:
    zone = appointment.site.zone
    local = appointment.starts_at.astimezone(ZoneInfo(zone))
    minutes = (appointment.ends_at - appointment.starts_at) // timedelta(minutes=1)
    initial = {
        "attendance": Attendance.ATTENDED,
        "level": appointment.level,
        "mode": appointment.mode,
        "starts": local.time(),
        "duration_minutes": minutes,
    }
    return SessionLogForm(request.POST or None, initial=initial, day=local.date(), zone=zone)


def _logged(request: HttpRequest, appointment: Appointment, *, next_step: str) -> HttpResponse:
    """Back to the day, or on to the next appointment when that is what was said."""
    left = selectors.appointments_to_log(user=request.user, now=timezone.now()).count()
    rest = {0: "Tout est saisi.", 1: "Il reste un rendez-vous à saisir."}
    more = rest.get(left, f"Il reste {left} rendez-vous à saisir.")
    messages.success(request, f"Rendez-vous saisi. {more}")
    if next_step == NextStep.NEXT_SESSION and appointment.beneficiary is not None:
        return redirect("operators:next_appointment", appointment.beneficiary.uuid)
    return redirect("operators:today")


def _already_logged(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """A second click or an old tab: nothing is written twice, the page says so."""
    messages.info(request, "Ce rendez-vous est déjà saisi. Rien n’a été changé.")
    session = getattr(appointment, "session", None)
    if session is None:
        return redirect("operators:today")
    return redirect("operators:pathway_detail", uuid=session.pathway.uuid)


@require(rules.can_read_pathways)
@require_http_methods(["GET", "HEAD", "POST"])
def pathway_list(request: HttpRequest) -> HttpResponse:
    """Whom do I follow? Search by name in one's own pathways or the organisation's.

    The name is sent and kept in the session: in the address, every journal on the way would keep it.
    """
    if request.method == "POST":
        return _keep_search(request)
    search = request.session.get(SEARCH_KEY, "")
    own = request.GET.get("qui") != "tous"
    state = {"en-cours": PathwayState.OPEN, "clos": PathwayState.CLOSED}.get(request.GET.get("etat", ""), "")
    found = selectors.pathway_list(user=request.user, search=search, own=own, state=state)
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "form": PathwaySearchForm(initial={"recherche": search}),
        "search": search,
        "filters": _filters(request),
        "everywhere": "?qui=tous",
    }
    return render(request, "operators/pathways/pathway_list.html", context)


def _keep_search(request: HttpRequest) -> HttpResponse:
    asked = PathwaySearchForm(request.POST)
    request.session[SEARCH_KEY] = asked.cleaned_data["recherche"] if asked.is_valid() else ""
    query = request.GET.copy()
    query.pop("page", None)
    return redirect(f"{request.path}?{query.urlencode()}" if query else request.path)


def _filters(request: HttpRequest) -> list[dict]:
    choices = {
        "qui": ("Conseiller", [("", "Mes parcours"), ("tous", "Tout l’organisme")]),
        "etat": ("État", [("", "Tous"), ("en-cours", "En cours"), ("clos", "Clos")]),
    }
    return [
        {
            "label": label,
            "items": [_filter(request, name, value, text) for value, text in options],
        }
        for name, (label, options) in choices.items()
    ]


def _filter(request: HttpRequest, name: str, value: str, label: str) -> dict:
    query = request.GET.copy()
    query.pop("page", None)
    query[name] = value
    present = request.GET.get(name, "")
    return {"label": label, "url": f"?{query.urlencode()}", "current": present == value}


@require(rules.can_read_pathways)
@require_safe
def pathway_detail(request: HttpRequest, uuid) -> HttpResponse:
    """Where does this person stand? The sessions on the left, the present on the right."""
    return _file(request, uuid, ClosingForm())


@require(rules.can_read_pathways)
@require_POST
def pathway_close(request: HttpRequest, uuid) -> HttpResponse:
    """End a pathway from its file, with its outcome."""
    form = ClosingForm(request.POST)
    pathway = selectors.pathway_file(user=request.user, uuid=uuid)
    if pathway is None:
        raise Http404
    if form.is_valid():
        try:
            services.close_pathway(
                pathway=pathway,
                outcome=form.cleaned_data["outcome"],
                by=request.user,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error("outcome", str(refusal))
        else:
            messages.success(request, "Parcours clos.")
            return redirect("operators:pathway_detail", uuid=uuid)
    return _file(request, uuid, form)


def _file(request: HttpRequest, uuid, form: ClosingForm) -> HttpResponse:
    now = timezone.now()
    pathway = selectors.pathway_file(user=request.user, uuid=uuid)
    if pathway is None:
        raise Http404
    record_opening(target=pathway, by=request.user, now=now)
    sessions = list(pathway.sessions.all())
    context = {
        "pathway": pathway,
        "goes_on_until": selectors.goes_on_until(pathway=pathway),
        "timeline": lines.timeline(sessions),
        "levels": lines.levels_of(sessions),
        "session_count": len(sessions),
        "coming": selectors.coming_appointments(pathway=pathway, now=now),
        "needs": lines.access_needs(pathway.service_request.access_needs) if pathway.service_request else "",
        "is_open": pathway.state == PathwayState.OPEN,
        "close_url": reverse("operators:pathway_close", args=[uuid]),
        "form": form,
    }
    return render(request, "operators/pathways/pathway_detail.html", context)
