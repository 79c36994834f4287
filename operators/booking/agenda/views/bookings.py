import uuid as uuids
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from beneficiaries.request.errors import CodesTooMany
from beneficiaries.request.forms import ContactForm
from beneficiaries.request.models import Beneficiary, ContactCode
from beneficiaries.request.presenters import confirmation_goes
from beneficiaries.request.rules import holds_request
from beneficiaries.request.selectors import contact_code_of, refuse_closed
from beneficiaries.request.services import identify_by_code, prove_request, send_contact_code
from cep_portal.common.access import public
from cep_portal.common.errors import DomainError
from cep_portal.common.throttle import throttled
from operators.booking.agenda import selectors, services
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.errors import SlotTaken
from operators.booking.agenda.forms import CodeForm, ConfirmForm, NeedsForm
from operators.booking.agenda.links import appointment_path, sign
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.presenters.slot_search import SlotSearch
from operators.booking.agenda.presenters.slot_week import held_context
from operators.booking.agenda.views.slots import taken_page
from operators.network.enums import Mode


def wait_when_stopped(request: HttpRequest, wait: int, target: dict[str, Any]) -> None:  # noqa: ARG001
    """The slot stays held for whom a limit of the page stopped."""
    now = timezone.now()
    services.wait_for_limit(appointment=_held(target["uuid"]), until=now + timedelta(seconds=wait), now=now)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("send_code", limit=10, seconds=600, when_stopped=wait_when_stopped)
def booking(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Am I sure, is it booked yet? What is held, until when, and who I am."""
    held = _held(uuid)
    if held.state not in AppointmentState.never_booked:
        return _already_booked(request, held)
    if _is_known(request, held):
        return _confirm_as_known(request, held)
    form = ContactForm(request.POST or None, phone_required=held.mode == Mode.PHONE)
    needs_form = NeedsForm(request.POST or None, initial={"access_needs": held.access_needs})
    if request.method == "POST" and form.is_valid() and needs_form.is_valid():
        try:
            _amend(held, needs_form)
            contact_code = send_contact_code(
                service_request=held.asked, now=timezone.now(), **form.cleaned_data
            )
        except CodesTooMany as refusal:
            services.wait_for_limit(appointment=held, until=refusal.until, now=timezone.now())
            form.add_error(None, str(refusal))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("operators:booking_code", held.uuid, contact_code.uuid)
    return render(
        request,
        "operators/booking/agenda/booking.html",
        {**_context(held), "form": form, "needs_form": needs_form},
    )


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("confirm_code", limit=20, seconds=600)
def booking_code(request: HttpRequest, uuid: UUID, code: str) -> HttpResponse:
    """Copy the code: the right one books."""
    held = _held(uuid)
    contact_code = contact_code_of(service_request=held.asked, uuid=code)
    if contact_code is None:
        raise Http404
    is_booked = held.state not in AppointmentState.never_booked
    if is_booked and (request.method != "POST" or _is_known(request, held)):
        return _already_booked(request, held)
    form = CodeForm(request.POST or None, initial={"key": uuids.uuid4()})
    if request.method == "POST" and form.is_valid():
        response = _confirm_with_code(request, held, contact_code, form)
        if response is not None:
            return response
    context = {**_context(held), "form": form, "contact_code": contact_code}
    return render(request, "operators/booking/agenda/booking_code.html", context)


def _held(uuid: UUID) -> Appointment:
    held = get_object_or_404(
        Appointment.objects.select_related(
            "site__commune", "site__contract", "service_request__contract", "service_request__beneficiary"
        ).filter(service_request__isnull=False, is_offer=False),
        uuid=uuid,
    )
    refuse_closed(held.asked.beneficiary)
    return held


def _already_booked(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """Back on the page after booking: the browser that booked is led to the appointment, others are told."""
    if holds_request(appointment.asked, user=request.user, session=request.session):
        standing = selectors.became(appointment=appointment) or appointment
        page = "operators:appointment_booked" if request.method == "POST" else "operators:appointment"
        return redirect(page, sign(standing.uuid))
    context = {"service_request": appointment.asked}
    return render(request, "operators/booking/agenda/hold_booked.html", context, status=410)


@public
@never_cache
@require_POST
@throttled("hold", limit=30, seconds=600)
def hold_release(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """I no longer want this slot: somebody else may take it at once."""
    held = _held(uuid)
    if held.state not in AppointmentState.never_booked:
        return _already_booked(request, held)
    services.release_hold(appointment=held, now=timezone.now())
    messages.success(request, "Ce créneau n’est plus retenu. Choisissez-en un autre quand vous voulez.")
    return redirect("operators:slot_list", held.asked.reference)


def _is_known(request: HttpRequest, held: Appointment) -> bool:
    """The person already proved the address, in this browser or by signing in: no second code."""
    return held.asked.beneficiary is not None and holds_request(
        held.asked, user=request.user, session=request.session
    )


def _confirm_as_known(request: HttpRequest, held: Appointment) -> HttpResponse:
    person, now = held.asked.beneficiary, timezone.now()
    coming = selectors.coming_of(beneficiary=person, now=now)  # type: ignore[arg-type]  # the page asked for it before
    form = ConfirmForm(request.POST or None, coming=coming, now=now, initial={"key": uuids.uuid4()})
    needs_form = NeedsForm(request.POST or None, initial={"access_needs": held.access_needs})
    if request.method == "POST" and form.is_valid() and needs_form.is_valid():
        try:
            _amend(held, needs_form)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            response = _confirm(request, held, person, form, replaced=form.replaced())  # type: ignore[arg-type]  # the page asked for it before
            if response is not None:
                return response
    context = {
        **_context(held),
        "form": form,
        "needs_form": needs_form,
        "person": person,
        "confirmation": confirmation_goes(person),  # type: ignore[arg-type]  # the page asked for it before
        "coming": [{"appointment": booked, "url": appointment_path(booked)} for booked in coming],
    }
    return render(request, "operators/booking/agenda/booking_known.html", context)


def _amend(held: Appointment, needs_form: NeedsForm) -> None:
    """Only when the page asked: a form sent without the boxes says nothing about needs."""
    needs = needs_form.cleaned_data["access_needs"]
    if needs_form.cleaned_data["needs_shown"] and set(needs) != set(held.access_needs):
        services.amend_access_needs(appointment=held, access_needs=needs)


def _context(held: Appointment) -> dict:
    return held_context(held, slots_url=_slots_url(held), now=timezone.now())


def _slots_url(held: Appointment) -> str:
    page = reverse("operators:slot_list", args=[held.asked.reference])
    return page + SlotSearch.like(held).url()


def _confirm_with_code(
    request: HttpRequest, held: Appointment, contact_code: ContactCode, form: Any
) -> HttpResponse | None:
    try:
        person = identify_by_code(
            contact_code=contact_code, code=form.cleaned_data["code"], now=timezone.now()
        )
    except DomainError as refusal:
        form.add_error("code", str(refusal))
        return None
    prove_request(session=request.session, service_request=held.asked)
    if held.state not in AppointmentState.never_booked:
        return _already_booked(request, held)
    if selectors.coming_of(beneficiary=person, now=timezone.now()):
        return redirect("operators:booking", held.uuid)  # there, beside it or instead
    return _confirm(request, held, person, form)


def _confirm(
    request: HttpRequest,
    held: Appointment,
    person: Beneficiary,
    form: Any,
    *,
    replaced: Appointment | None = None,
) -> HttpResponse | None:
    facts = {
        "beneficiary": person,
        "idempotency_key": form.cleaned_data["key"],
        "now": timezone.now(),
    }
    try:
        if replaced is None:
            booked = services.confirm_hold(appointment=held, **facts)
        else:
            booked = services.confirm_instead(hold=held, replaced=replaced, **facts)
    except SlotTaken as refusal:
        return taken_page(request, refusal, held.asked, SlotSearch.like(held))
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return None
    return redirect("operators:appointment_booked", sign(booked.uuid))
