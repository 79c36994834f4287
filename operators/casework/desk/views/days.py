from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.days import local_day
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from cep_portal.common.to_do import Reading, to_do
from cep_portal.common.undo import offer_undo
from cep_portal.common.wording.dates import short_day
from operators.booking.agenda.models import Appointment
from operators.casework.desk.panels import day_of
from operators.casework.pathways import gates, rules, selectors, services
from operators.casework.pathways.forms import DayForm

FIRST_TASKS = 4  # the rest is a page away


@require(rules.can_log_sessions)
@require_safe
def today(request: SignedRequest) -> HttpResponse:
    """What have I to do now? The day in order with its holes, and what waits."""
    now = timezone.now()
    adviser = selectors.adviser_of(user=request.user)
    if adviser is None:
        return render(request, "operators/casework/pathways/no_adviser.html")
    present = local_day(now, adviser.site.zone)
    form = DayForm(request.GET or None)
    day = form.cleaned_data["jour"] if form.is_valid() else present
    reading = Reading(request.user, request.user.acting.role, now, adviser.site.zone)
    reading.once("adviser", lambda: adviser)
    context = {
        "adviser": adviser,
        "day": day,
        "present": present,
        "is_present": day == present,
        "moves": _moves(day, present),
        "days": [day_of(adviser=adviser, user=request.user, day=day, now=now)],
        "to_do": to_do(reading).first(FIRST_TASKS),
        "form": DayForm(initial={"jour": day}),
    }
    return render(request, "operators/casework/desk/today.html", context)


def _moves(day: date, present: date) -> list[dict]:
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    days = [(f"‹ {short_day(before)}", before), ("Aujourd’hui", present), (f"{short_day(after)} ›", after)]
    items = [
        {"label": label, "url": f"?jour={target.isoformat()}", "current": target == day}
        for label, target in days
    ]
    return [{"label": "Jour", "items": items}]


@require(rules.can_log_sessions)
@require_POST
@sent_once
def no_show(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """The person did not come: one press, taken back within ten minutes."""
    appointment, now = _booked(request, uuid), timezone.now()
    try:
        services.note_no_show(appointment=appointment, by=request.user, now=now)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        name = appointment.beneficiary.full_name if appointment.beneficiary else ""
        undo_url = reverse("operators:no_show_undo", args=[appointment.uuid])
        offer_undo(request, f"Noté « pas venu » : {name}.", undo_url, now=now)
    return _back(appointment, now)


@require(rules.can_log_sessions)
@require_POST
def no_show_undo(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """« Pas venu » pressed by mistake: the appointment waits for its log again."""
    appointment, now = _booked(request, uuid), timezone.now()
    try:
        services.undo_no_show(appointment=appointment, by=request.user, now=now)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "C’est annulé : ce rendez-vous est de nouveau à saisir.")
    return _back(appointment, now)


def _booked(request: SignedRequest, uuid: UUID) -> Appointment:
    appointment = selectors.appointment_to_log(user=request.user, uuid=uuid)
    if appointment is None:
        raise Http404
    pathway = selectors.known_pathway(appointment=appointment)
    if pathway is not None:
        gates.pass_gate(request, pathway)
    return appointment


def _back(appointment: Appointment, now: datetime) -> HttpResponse:
    zone = appointment.site.zone
    day = local_day(appointment.starts_at, zone)
    query = {} if day == local_day(now, zone) else {"jour": day.isoformat()}
    return redirect(reverse("operators:today", query=query))
