from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.days import local, local_day
from cep_portal.common.facts import grouped
from cep_portal.common.sent_once import sent_once
from cep_portal.common.wording.dates import long_month
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment
from operators.casework.pathways import gates, hooks, rules, selectors, services
from operators.casework.pathways.enums import Attendance
from operators.casework.pathways.errors import AlreadyLogged, LogRefused
from operators.casework.pathways.forms import SessionLogForm
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.casework.pathways.services import SessionFacts


@require(rules.can_log_sessions)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def session_log(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """What became of this appointment? One screen, under a minute."""
    appointment = selectors.appointment_to_log(user=request.user, uuid=uuid)
    if appointment is None:
        raise Http404
    if appointment.state != AppointmentState.BOOKED:
        return _already_logged(request, appointment)
    pathway = selectors.known_pathway(appointment=appointment)
    if pathway is not None:
        gates.pass_gate(request, pathway)
    form = _log_form(request, appointment)
    if request.method == "POST" and form.is_valid():
        try:
            session = services.log_session(
                appointment=appointment,
                **grouped(form.facts(), facts=SessionFacts),
                by=request.user,
                now=timezone.now(),
            )
        except AlreadyLogged:
            return _already_logged(request, appointment)
        except LogRefused as refusal:
            form.add_error(form.field_of(refusal), str(refusal))
        else:
            return _logged(request, session)
    context = {
        "appointment": appointment,
        "form": form,
        "pathway": pathway,
        "needed": _needed(request, appointment, pathway),
        "has_started": appointment.starts_at <= timezone.now(),
        "buttons": hooks.SECOND_BUTTONS,
        **_lateness(appointment.ends_at, appointment.site.zone),
    }
    return render(request, "operators/casework/pathways/session_log.html", context)


def _needed(request: SignedRequest, appointment: Appointment, pathway: Pathway | None) -> list[str]:
    """What the session opens on: what moved in the plan, and what other subjects say of it."""
    key = (cast("int", appointment.beneficiary_id), appointment.site.contract_id)
    pathways = {key: pathway} if pathway else {}
    needed = hooks.preparations(hooks.Ahead([appointment], pathways, request.user))
    return needed.get(appointment.pk, [])


def _log_form(request: HttpRequest, appointment: Appointment) -> SessionLogForm:
    zone = appointment.site.zone
    start = local(appointment.starts_at, zone)
    minutes = (appointment.ends_at - appointment.starts_at) // timedelta(minutes=1)
    initial = {
        "attendance": Attendance.ATTENDED,
        "level": appointment.level,
        "mode": appointment.mode,
        "starts": start.time(),
        "duration_minutes": minutes,
        "cancelled_at": start.replace(tzinfo=None),
    }
    return SessionLogForm(request.POST or None, initial=initial, day=start.date(), zone=zone)


def _lateness(ends_at: datetime, zone: str) -> dict:
    """What the page says of a session told after its clocks."""
    now = timezone.now()
    day = local_day(ends_at, zone)
    is_closed = rules.month_is_closed(day, on=local_day(now, zone))
    return {
        "is_late": rules.is_late_to_log(ends_at, now=now),
        "closed_month": long_month(day) if is_closed else "",
    }


def _logged(request: SignedRequest, session: CounsellingSession | None) -> HttpResponse:
    """Back to the day, or on to what was said to come next."""
    left = selectors.appointments_to_log(user=request.user, now=timezone.now()).count()
    rest = {0: "Tout est saisi.", 1: "Il reste un rendez-vous à saisir."}
    more = rest.get(left, f"Il reste {left} rendez-vous à saisir.")
    messages.success(request, f"Rendez-vous saisi. {more}")
    then = request.POST.get("puis", "")
    return redirect(hooks.url_after(session, then=then) if session else "operators:today")


def _already_logged(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """A second click or an old tab: nothing is written twice, the page says so."""
    messages.info(request, "Ce rendez-vous est déjà saisi. Rien n’a été changé.")
    session = getattr(appointment, "session", None)
    if session is None:
        return redirect("operators:today")
    return redirect("operators:pathway_detail", uuid=session.pathway.uuid)
