import uuid as uuids
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beneficiaries.request.errors import AnswersGone, CodesTooMany
from beneficiaries.request.models import ContactCode
from beneficiaries.request.selectors import contact_code_of
from beneficiaries.request.services import (
    RequestFacts,
    begin_here,
    forget_here,
    identify_by_code,
    send_partner_code,
)
from beneficiaries.triage.rules import orientation_for
from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import public, require
from cep_portal.common.errors import DomainError
from cep_portal.common.facts import grouped
from cep_portal.common.throttle import throttled
from operators.booking.agenda.enums import Channel
from operators.booking.agenda.errors import SlotTaken
from operators.booking.agenda.forms import CodeForm
from operators.booking.agenda.links import unsign
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.presenters.slot_search import SlotSearch
from operators.booking.agenda.presenters.slot_week import (
    held_context,
    hold_chosen,
    near_places,
    slots_context,
)
from operators.booking.agenda.services import wait_for_limit
from operators.network.enums import Mode
from operators.reception.calls.forms import CallForm
from operators.reception.partners import rules, selectors, services
from operators.reception.partners.forms import PersonForm
from operators.reception.partners.models import PartnerBooking

PER_PAGE = 30
GONE = "Vos réponses ne sont plus là : la session a pris fin. Recommencez avec la personne."


@public
@require_safe
def partner_home(request: HttpRequest) -> HttpResponse:
    """May I book with somebody?"""
    return render(request, "operators/reception/partners/home.html")


@require(rules.can_book_with_people)
@require_safe
def partner_list(request: SignedRequest) -> HttpResponse:
    """What did we book, and what did people agree to tell us?"""
    page = Paginator(selectors.own_bookings(user=request.user), PER_PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    rows = [
        {
            "who": rules.initials(booking.appointment.beneficiary),  # type: ignore[arg-type]  # the page asked for it before
            "starts_at": booking.appointment.starts_at,
            "zone": booking.appointment.site.zone,
            "outcome": rules.outcome(booking, now=now),
        }
        for booking in page
    ]
    return render(request, "operators/reception/partners/booking_list.html", {"page": page, "rows": rows})


@require(rules.can_book_with_people)
@require_http_methods(["GET", "HEAD", "POST"])
def partner_start(request: SignedRequest) -> HttpResponse:
    """What does the person want? Asked together, before any name."""
    form = CallForm(request.POST or None, initial={"key": uuids.uuid4(), "urgency": "NO_HURRY"})
    if request.method == "POST" and form.is_valid():
        orientation = orientation_for(form.cleaned_data["situation"])
        if not orientation.is_eligible:
            return render(
                request, "operators/reception/partners/other_door.html", {"orientation": orientation}
            )
        try:
            asked = begin_here(
                session=request.session,
                user=request.user,
                now=timezone.now(),
                **grouped(form.facts(), facts=RequestFacts),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            _keep(request, asked.reference)
            page = reverse("operators:partner_slots", args=[asked.reference])
            return redirect(f"{page}?{urlencode(form.search())}")
    return render(request, "operators/reception/partners/start.html", {"form": form})


def _keep(request: HttpRequest, reference: str) -> None:
    kept = [known for known in request.session.get(rules.REQUESTS_KEY, []) if known != reference]
    request.session[rules.REQUESTS_KEY] = [*kept, reference]


@require(rules.can_book_with_people)
@require_http_methods(["GET", "HEAD", "POST"])
def partner_slots(request: SignedRequest, reference: str) -> HttpResponse:
    """When can the person come?"""
    now, search = timezone.now(), SlotSearch.read(request.GET)
    try:
        service_request = selectors.started_request(
            reference=reference, session=request.session, user=request.user, now=now
        )
    except AnswersGone:
        messages.error(request, GONE)
        return redirect("operators:partner_start")
    if service_request is None:
        raise Http404
    places = near_places(service_request, search)
    held = hold_chosen(
        request,
        service_request=service_request,
        search=search,
        places=places,
        channel=Channel.PARTNER,
        now=now,
    )
    if held.hold is not None:
        _keep(request, held.hold.asked.reference)
        return redirect("operators:partner_contact", held.hold.uuid)
    context = slots_context(service_request, search, places, now=now) | {"nearest": held.nearest}
    return render(request, "operators/reception/partners/slots.html", context, status=held.status)


def wait_when_stopped(request: HttpRequest, wait: int, target: dict[str, Any]) -> None:
    """The slot stays held while a limit of the page stops the partner."""
    now = timezone.now()
    wait_for_limit(appointment=_held(request, target["uuid"]), until=now + timedelta(seconds=wait), now=now)


@require(rules.can_book_with_people)
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("send_code", limit=10, seconds=600, when_stopped=wait_when_stopped)
def partner_contact(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Where does the person receive the code?"""
    held = _held(request, uuid)
    form = PersonForm(request.POST or None, phone_required=held.mode == Mode.PHONE)
    if request.method == "POST" and form.is_valid() and _is_of_the_person(request, form):
        try:
            code = send_partner_code(
                service_request=held.asked,
                now=timezone.now(),
                partner=request.user.organisation.name,
                **form.contact(),
            )
        except CodesTooMany as refusal:
            wait_for_limit(appointment=held, until=refusal.until, now=timezone.now())
            form.add_error(None, str(refusal))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("operators:partner_code", held.uuid, code.uuid)
    return render(request, "operators/reception/partners/contact.html", {**_context(held), "form": form})


def _is_of_the_person(request: SignedRequest, form: PersonForm) -> bool:
    """False with the form's question when the contact serves an agent, or several people."""
    doubt = selectors.doubt_about(user=request.user, now=timezone.now(), **form.names_and_contact())
    if doubt is None or (doubt.may_be_kept and form.is_checked()):
        return True
    form.ask_whose(doubt)
    return False


def _held(request: HttpRequest, uuid: UUID) -> Appointment:
    held = selectors.started_hold(uuid=uuid, session=request.session)
    if held is None:
        raise Http404
    return held


@require(rules.can_book_with_people)
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("confirm_code", limit=20, seconds=600)
def partner_code(request: SignedRequest, uuid: UUID, code: str) -> HttpResponse:
    """The person says the code: then it is booked. Nothing else is asked of them before you."""
    if selectors.is_own_booking(user=request.user, uuid=uuid):
        return redirect("operators:partner_list")  # a second click
    held = _held(request, uuid)
    contact_code = contact_code_of(service_request=held.asked, uuid=code)
    if contact_code is None:
        raise Http404
    form = CodeForm(request.POST or None, initial={"key": uuids.uuid4()})
    if request.method == "POST" and form.is_valid():
        response = _book(request, held, contact_code, form)
        if response is not None:
            return response
    context = {**_context(held), "form": form, "contact_code": contact_code}
    return render(request, "operators/reception/partners/code.html", context)


def _book(
    request: SignedRequest, held: Appointment, contact_code: ContactCode, form: Any
) -> HttpResponse | None:
    now = timezone.now()
    try:
        person = identify_by_code(contact_code=contact_code, code=form.cleaned_data["code"], now=now)
    except DomainError as refusal:
        form.add_error("code", str(refusal))
        return None
    try:
        services.book_with_partner(
            hold=held,
            beneficiary=person,
            idempotency_key=form.cleaned_data["key"],
            by=request.user,
            now=now,
        )
    except SlotTaken as refusal:
        messages.error(request, str(refusal))
        return redirect(_slots_url(held))
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return None
    return _done(request, held)


def _done(request: HttpRequest, held: Appointment) -> HttpResponse:
    """The browser of the partner forgets the request: what follows is the person's."""
    kept = request.session.get(rules.REQUESTS_KEY, [])
    ended = {held.asked.reference, forget_here(session=request.session, service_request=held.asked)}
    request.session[rules.REQUESTS_KEY] = [known for known in kept if known not in ended]
    messages.success(request, "Le rendez-vous est pris. La personne en reçoit la confirmation.")
    return redirect("operators:partner_list")


def _context(held: Appointment) -> dict:
    return held_context(held, slots_url=_slots_url(held), now=timezone.now())


def _slots_url(held: Appointment) -> str:
    page = reverse("operators:partner_slots", args=[held.asked.reference])
    return page + SlotSearch.like(held).url()


@public
@never_cache
@require_POST
@throttled("change", limit=30, seconds=600)
def partner_share(request: HttpRequest, signed: str) -> HttpResponse:
    """The person lets the partner know whether they came, from the link of the appointment."""
    booking = _booking_behind(signed)
    services.share_outcome(booking=booking, now=timezone.now())
    messages.success(request, f"C’est noté. {booking.organisation.name} saura seulement si vous êtes venu.")
    return redirect("operators:appointment", signed)


def _booking_behind(signed: str) -> PartnerBooking:
    uuid = unsign(signed)
    booking = selectors.booking_of(appointment=uuid) if uuid else None
    if booking is None:
        raise Http404
    return booking


@public
@never_cache
@require_POST
@throttled("change", limit=30, seconds=600)
def partner_withdraw(request: HttpRequest, signed: str) -> HttpResponse:
    """The person takes the agreement back, from the link of the appointment."""
    services.withdraw_outcome(booking=_booking_behind(signed), now=timezone.now())
    messages.success(request, "C’est fait : votre accompagnant ne saura pas si vous êtes venu.")
    return redirect("operators:appointment", signed)
