from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cep_portal.common.access import public
from cep_portal.common.errors import DomainError
from operators.agenda import calendar, registry, rules, services
from operators.agenda.enums import AppointmentState, CancelledBy
from operators.agenda.errors import SlotTaken
from operators.agenda.links import appointment_path, sign, unsign
from operators.agenda.models import Appointment
from operators.agenda.notices import minutes
from operators.agenda.search import LEVELS, MODES, SlotSearch
from operators.agenda.views.slots import picked, taken_page
from operators.agenda.week import near_places, slots_context


@public
@never_cache
@require_safe
def appointment(request: HttpRequest, signed: str) -> HttpResponse:
    """What, where, how do I change it? Also what became of it: moved, cancelled, past."""
    found = _found(signed)
    context = _context(found, signed)
    context["sections"] = registry.sections(appointment=found, signed=signed, now=timezone.now())
    return render(request, "operators/agenda/appointment.html", context)


@public
@never_cache
@require_safe
def appointment_booked(request: HttpRequest, signed: str) -> HttpResponse:
    """It is booked: the end of the road, with the calendar file and the limit to change."""
    found = _found(signed)
    if found.state != AppointmentState.BOOKED:
        return redirect("operators:appointment", signed)
    return render(request, "operators/agenda/appointment_booked.html", _context(found, signed))


@public
@never_cache
@require_safe
def appointment_calendar(request: HttpRequest, signed: str) -> HttpResponse:  # noqa: ARG001 -- a view
    """The appointment for a calendar: neutral words, no place."""
    found = _found(signed)
    if found.state == AppointmentState.CANCELLED:
        raise Http404
    return HttpResponse(
        calendar.calendar_file(found, method="PUBLISH", now=timezone.now()),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="rendez-vous.ics"'},
    )


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def appointment_cancel(request: HttpRequest, signed: str) -> HttpResponse:
    """Cancel alone until the limit; after it, the telephone."""
    found = _found(signed)
    context = _context(found, signed)
    if not context["can_change"]:
        return redirect("operators:appointment", signed)
    if request.method == "POST":
        try:
            services.cancel_appointment(appointment=found, by=CancelledBy.PERSON, now=timezone.now())
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return redirect("operators:appointment", signed)
    return render(request, "operators/agenda/appointment_cancel.html", context)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def appointment_move(request: HttpRequest, signed: str) -> HttpResponse:
    """Choose another hour, check, move: until then the present hour stands."""
    found = _found(signed)
    context = _context(found, signed)
    if not context["can_change"] or found.service_request is None:
        return redirect("operators:appointment", signed)
    search = SlotSearch.read(request.GET) if request.GET else SlotSearch.like(found)
    places = near_places(found.service_request, search)
    if request.method == "POST" and (wanted := picked(request, places)):
        return _move(request, found, search, wanted, context)
    slots = slots_context(found.service_request, search, places, now=timezone.now(), ignored=(found.pk,))
    return render(request, "operators/agenda/appointment_move.html", {**context, **slots})


def _move(request: HttpRequest, found: Appointment, search: SlotSearch, wanted, context) -> HttpResponse:
    site, starts_at = wanted
    if "confirmer" not in request.POST:
        new = {
            "new_site": site,
            "new_starts_at": starts_at,
            "new_mode": MODES[search.mode].label,
            "value": request.POST["creneau"],
            "search_url": search.url(),
        }
        return render(request, "operators/agenda/appointment_move_check.html", {**context, **new})
    try:
        moved = services.move_appointment(
            appointment=found,
            site=site,
            starts_at=starts_at,
            level=LEVELS[search.level],
            mode=MODES[search.mode],
            now=timezone.now(),
        )
    except SlotTaken as refusal:
        move_url = reverse("operators:appointment_move", args=[sign(found.uuid)])
        return taken_page(request, refusal, found.service_request, search, moving=move_url)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("operators:appointment", sign(found.uuid))
    messages.success(request, "Votre rendez-vous est déplacé. Nous venons de vous l’écrire.")
    return redirect(appointment_path(moved))


def _found(signed: str) -> Appointment:
    """The appointment behind a signed link; an altered link, or a mere hold, does not exist."""
    uuid = unsign(signed)
    booked = Appointment.objects.select_related(
        "site__commune", "site__contract", "service_request__contract", "service_request__commune__department"
    ).exclude(state__in=[AppointmentState.ON_HOLD, AppointmentState.EXPIRED])
    found = booked.filter(uuid=uuid).first() if uuid else None
    if found is None:
        raise Http404
    return found


def _context(found: Appointment, signed: str) -> dict:
    now = timezone.now()
    moved_to = Appointment.objects.filter(moved_from=found).first()
    return {
        "appointment": found,
        "site": found.site,
        "signed": signed,
        "minutes": minutes(found),
        "limit": rules.change_limit(found.starts_at),
        "can_change": rules.can_change(found, now=now),
        "is_past": found.ends_at <= now,
        "moved_url": appointment_path(moved_to) if moved_to else None,
        "slots_url": (
            reverse("operators:slot_list", args=[found.service_request.reference])
            if found.service_request
            else None
        ),
    }
