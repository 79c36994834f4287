from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beneficiaries.request.enums import AccessNeed
from beneficiaries.request.models import ServiceRequest
from beneficiaries.request.presenters import we_write
from beneficiaries.request.rules import holds_request
from beneficiaries.request.selectors import refuse_closed
from cep_portal.common.access import public
from cep_portal.common.days import local
from cep_portal.common.errors import DomainError
from cep_portal.common.page_parts import shown_parts
from operators.booking.agenda import rules, selectors, services
from operators.booking.agenda.enums import AppointmentState, CancelledBy, CancelReason
from operators.booking.agenda.errors import SlotTaken
from operators.booking.agenda.forms import CancelForm
from operators.booking.agenda.gateways import video
from operators.booking.agenda.hooks import PARTS, ReadAppointment
from operators.booking.agenda.links import appointment_path, sign, unsign
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.presenters.confirmation import confirmation_sentence
from operators.booking.agenda.presenters.slot_search import LEVELS, MODE_LABELS, MODES, SlotSearch
from operators.booking.agenda.presenters.slot_week import near_places, slots_context
from operators.booking.agenda.services import link_failures
from operators.booking.agenda.views.slots import picked, taken_page
from operators.booking.agenda.wording import calendar, minutes
from operators.network.enums import Mode

NEXT = "Votre rendez-vous"
TITLES: dict[str, str] = {
    AppointmentState.CANCELLED: "Ce rendez-vous est annulé",
    AppointmentState.ATTENDED: "Ce rendez-vous a eu lieu",
    AppointmentState.NO_SHOW: "Ce rendez-vous n’a pas eu lieu",
}


def by_link(view: Callable) -> Callable:
    """The view gets the appointment behind a signed link; a link that fails says why, and is counted."""

    @wraps(view)
    def opened(request: HttpRequest, signed: str) -> HttpResponse:
        uuid, now = unsign(signed), timezone.now()
        booked = _booked().filter(uuid=uuid).first() if uuid else None
        if booked is None:
            return _refused(request, link_failures.UNKNOWN if uuid else link_failures.ALTERED, status=404)
        if now >= rules.link_ends_at(booked):
            return _refused(request, link_failures.OVER, status=410)
        refuse_closed(booked.beneficiary)
        return view(request, booked, signed)

    return opened


def on_standing(view: Callable) -> Callable:
    """An act on an appointment that was moved leads to the one that it became, and says so."""

    @wraps(view)
    def opened(request: HttpRequest, booked: Appointment, signed: str) -> HttpResponse:
        standing = (
            selectors.became(appointment=booked) if booked.cancel_reason == CancelReason.MOVED else None
        )
        if standing is None:
            return view(request, booked, signed)
        messages.info(
            request, "Ce rendez-vous a été déplacé : voici le nouveau. Rien d’autre n’a été changé."
        )
        return redirect(appointment_path(standing))

    return opened


def _booked() -> Any:
    whole = Appointment.objects.select_related(
        "site__commune",
        "site__contract",
        "beneficiary",
        "service_request__contract",
        "service_request__commune__department",
    )
    return whole.exclude(state__in=AppointmentState.never_booked)


def _refused(request: HttpRequest, reason: str, *, status: int) -> HttpResponse:
    link_failures.count(reason, now=timezone.now())
    context = {"reason": reason}
    return render(request, "operators/booking/agenda/link_refused.html", context, status=status)


@public
@never_cache
@require_safe
@by_link
def appointment(request: HttpRequest, booked: Appointment, signed: str) -> HttpResponse:
    """What, where, how do I change it? Also what became of it: moved, cancelled, past."""
    context = _context(booked, signed)
    context["modes"] = _other_modes(booked) if context["can_change"] else []
    context["sections"] = shown_parts(PARTS, ReadAppointment(booked, signed, timezone.now()))
    return render(request, "operators/booking/agenda/appointment.html", context)


@public
@never_cache
@require_safe
@by_link
def appointment_booked(request: HttpRequest, booked: Appointment, signed: str) -> HttpResponse:
    """It is booked: the end of the road, with the calendar file and the limit to change."""
    if booked.state != AppointmentState.BOOKED:
        return redirect("operators:appointment", signed)
    written = selectors.confirmations_of(appointment=booked)
    context = {
        **_context(booked, signed),
        "confirmation": confirmation_sentence(written),
        "service_request": _own_request(request, booked),
    }
    return render(request, "operators/booking/agenda/appointment_booked.html", context)


def _own_request(request: HttpRequest, booked: Appointment) -> ServiceRequest | None:
    """The request, for who holds it: the link of an appointment alone tells neither reference nor need."""
    asked = booked.service_request
    if asked is None or not holds_request(asked, user=request.user, session=request.session):
        return None
    return asked


@public
@never_cache
@require_safe
@by_link
def appointment_calendar(request: HttpRequest, booked: Appointment, signed: str) -> HttpResponse:
    """The appointment for a calendar: neutral words; the place for who asks for it."""
    if booked.state == AppointmentState.CANCELLED:
        return redirect("operators:appointment", signed)
    return HttpResponse(
        calendar.calendar_file(
            booked, method="PUBLISH", now=timezone.now(), with_place=request.GET.get("adresse") == "oui"
        ),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="rendez-vous.ics"'},
    )


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
@on_standing
def appointment_cancel(request: HttpRequest, booked: Appointment, signed: str) -> HttpResponse:
    """Cancel alone until the limit; after it, the telephone."""
    context = _context(booked, signed)
    if not context["can_change"]:
        return redirect("operators:appointment", signed)
    form = CancelForm(request.POST or None)
    if request.method == "POST":
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        try:
            services.cancel_appointment(
                appointment=booked, by=CancelledBy.PERSON, reason=reason, now=timezone.now()
            )
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return redirect("operators:appointment", signed)
    return render(request, "operators/booking/agenda/appointment_cancel.html", {**context, "form": form})


@public
@never_cache
@require_POST
@by_link
@on_standing
def appointment_restore(request: HttpRequest, booked: Appointment, signed: str) -> HttpResponse:
    """Cancelled by mistake: undone within minutes, while the slot is free."""
    try:
        services.restore_appointment(appointment=booked, now=timezone.now())
    except SlotTaken as refusal:
        if booked.service_request is None:
            messages.error(request, str(refusal))
            return redirect("operators:appointment", signed)
        return taken_page(request, refusal, booked.service_request, SlotSearch.like(booked))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Votre rendez-vous est rétabli, à la même heure.")
    return redirect("operators:appointment", signed)


@public
@never_cache
@require_POST
@by_link
@on_standing
def appointment_mode(request: HttpRequest, booked: Appointment, signed: str) -> HttpResponse:
    """The same hour, another way: the booking stands."""
    mode = MODES.get(request.POST.get("modalite", ""))
    if mode is None:
        raise Http404
    now = timezone.now()
    try:
        services.change_mode(appointment=booked, mode=mode, now=now)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"C’est changé. {we_write(booked.person, at=now)}")
    return redirect("operators:appointment", signed)


def _other_modes(booked: Appointment) -> list[dict]:
    """What the adviser could do instead at that hour, for this person."""
    offered = set(selectors.modes_of(appointment=booked, now=timezone.now())) - {booked.mode}
    if not video.is_available():
        offered.discard(Mode.VIDEO)
    if booked.beneficiary is None or not booked.beneficiary.phone:
        offered.discard(Mode.PHONE)
    return [{"value": key, "label": MODE_LABELS[key]} for key, mode in MODES.items() if mode in offered]


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
@on_standing
def appointment_move(request: HttpRequest, booked: Appointment, signed: str) -> HttpResponse:
    """Choose another hour, check, move: until then the present hour stands."""
    context = _context(booked, signed)
    if not context["can_change"] or booked.service_request is None:
        return redirect("operators:appointment", signed)
    search = SlotSearch.read(request.GET) if request.GET else SlotSearch.like(booked)
    places = near_places(booked.service_request, search)
    if request.method == "POST" and (wanted := picked(request, places)):
        return _move(request, booked, search, wanted, context)
    slots = slots_context(
        booked.service_request, search, places, now=timezone.now(), moving=booked, lets_go=False
    )
    return render(request, "operators/booking/agenda/appointment_move.html", {**context, **slots})


def _move(
    request: HttpRequest, booked: Appointment, search: SlotSearch, wanted: Any, context: Any
) -> HttpResponse:
    site, starts_at = wanted
    mode, level = MODES[search.mode], LEVELS[search.level]
    if rules.is_own_hour(booked, site_id=site.pk, starts_at=starts_at, mode=mode, level=level):
        messages.info(request, "C’est déjà l’heure de votre rendez-vous : rien n’a changé.")
        return redirect("operators:appointment", sign(booked.uuid))
    if "confirmer" not in request.POST:
        new = {
            "new_site": site,
            "new_starts_at": starts_at,
            "new_mode": mode.label,
            "is_on_site": mode == Mode.ON_SITE,
            "value": request.POST["creneau"],
            "search_url": search.url(),
        }
        return render(request, "operators/booking/agenda/appointment_move_check.html", {**context, **new})
    now = timezone.now()
    try:
        moved = services.move_appointment(
            appointment=booked, site=site, starts_at=starts_at, level=level, mode=mode, now=now
        )
    except SlotTaken as refusal:
        return taken_page(request, refusal, booked.asked, search, moving=booked)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("operators:appointment", sign(booked.uuid))
    messages.success(request, f"Votre rendez-vous est déplacé. {we_write(moved.person, at=now)}")
    return redirect(appointment_path(moved))


def _context(booked: Appointment, signed: str) -> dict:
    now = timezone.now()
    moved_to = selectors.became(appointment=booked) if booked.state == AppointmentState.CANCELLED else None
    proposed = selectors.replacement_of(appointment=booked)
    return {
        "needs": [AccessNeed(need).label for need in booked.access_needs],
        "offers_call": rules.offers_a_call(booked),
        "can_restore": rules.can_restore(booked, now=now),
        "restore_limit": local(limit, booked.site.zone) if (limit := rules.restore_limit(booked)) else None,
        "link_ends": rules.link_ends_at(booked),
        "proposed": proposed if proposed is not None and rules.can_answer(proposed, now=now) else None,
        "appointment": booked,
        "site": booked.site,
        "signed": signed,
        "minutes": minutes(booked),
        "limit": rules.change_limit(booked.starts_at),
        "can_change": rules.can_change(booked, now=now),
        "is_past": booked.ends_at <= now,
        "title": TITLES.get(booked.state) or ("Ce rendez-vous est passé" if booked.ends_at <= now else NEXT),
        "moved_url": appointment_path(moved_to) if moved_to else None,
        "slots_url": (
            reverse("operators:slot_list", args=[booked.service_request.reference])
            if booked.service_request
            else None
        ),
    }
