import uuid as uuids
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from beneficiaries.request.enums import Urgency
from beneficiaries.request.errors import AnswersGone
from beneficiaries.request.models import Beneficiary, ServiceRequest
from beneficiaries.request.services import RequestFacts
from beneficiaries.request.services.callers import CallerDetails
from beneficiaries.triage.rules import orientation_for
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.facts import grouped
from cep_portal.common.phones import phone
from cep_portal.common.sent_once import sent_once
from cep_portal.common.wording.dates import long_instant
from cep_portal.messaging.wording import fate
from operators.booking.agenda.enums import AppointmentState, Channel
from operators.booking.agenda.errors import SlotTaken
from operators.booking.agenda.hooks import ways_out
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.presenters.slot_search import OWN_ADVISER, SlotSearch
from operators.booking.agenda.presenters.slot_week import (
    held_context,
    hold_chosen,
    near_places,
    slots_context,
)
from operators.booking.agenda.selectors import confirmations_of
from operators.booking.agenda.wording import minutes
from operators.casework.desk.selectors import perhaps_known
from operators.casework.pathways.selectors import adviser_of
from operators.network.enums import Mode
from operators.reception.calls import rules, selectors, services
from operators.reception.calls.errors import ReceivedElsewhere
from operators.reception.calls.forms import OTHER_PERSON, AgreementForm, CallerForm, CallForm

GONE = "Les réponses de cet appel ne sont plus là : la session a pris fin. Recommencez."


@require(rules.can_book_for_callers)
@require_http_methods(["GET", "HEAD", "POST"])
def call_start(request: SignedRequest) -> HttpResponse:
    """What does the person want, and who receives them? Then the slots."""
    initial = {
        "key": uuids.uuid4(),
        "urgency": Urgency.NO_HURRY,
        "commune_text": request.GET.get("commune_text", "")[:80],
        "commune": request.GET.get("commune", ""),
    }
    form = CallForm(request.POST or None, initial=initial)
    context = {"form": form, "elsewhere": None}
    if request.method == "POST" and form.is_valid():
        orientation = orientation_for(form.cleaned_data["situation"])
        if not orientation.is_eligible:
            return render(request, "operators/reception/calls/other_door.html", {"orientation": orientation})
        try:
            asked = services.begin_call(
                by=request.user,
                session=request.session,
                now=timezone.now(),
                **grouped(form.facts(), facts=RequestFacts),
            )
        except ReceivedElsewhere as refusal:
            context["elsewhere"] = refusal.contract  # type: ignore[assignment]  # the page's own
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(_slots_url(asked, form.search()))
    return render(request, "operators/reception/calls/call_start.html", context)


def _slots_url(service_request: ServiceRequest, search: dict[str, str]) -> str:
    page = reverse("operators:call_slots", args=[service_request.reference])
    return f"{page}?{urlencode(search)}" if search else page


@require(rules.can_book_for_callers)
@require_http_methods(["GET", "HEAD", "POST"])
def call_slots(request: SignedRequest, reference: str) -> HttpResponse:
    """When can the person come? A choice holds the slot while they say their name."""
    now, search = timezone.now(), SlotSearch.read(request.GET)
    try:
        service_request = selectors.request_on_line(
            user=request.user, reference=reference, session=request.session, now=now
        )
    except AnswersGone:
        messages.error(request, GONE)
        return redirect("operators:call_start")
    if service_request is None:
        raise Http404
    me = adviser_of(user=request.user) if request.user.role == Role.ADVISER else None
    search = replace(search, at_desk=me.pk if me else None)
    places = near_places(service_request, search)
    held = hold_chosen(
        request,
        service_request=service_request,
        search=search,
        places=places,
        channel=Channel.ADVISER if request.user.role == Role.ADVISER else Channel.INTAKE_OFFICER,
        now=now,
    )
    if held.hold is not None:
        return redirect("operators:call_book", held.hold.uuid)
    context = slots_context(service_request, search, places, now=now, known=search.at_desk)
    context |= {
        "nearest": held.nearest,
        "ways_out": ways_out(service_request=service_request, query=search.url(), now=now),
        "person": service_request.beneficiary,
    }
    return render(request, "operators/reception/calls/call_slots.html", context, status=held.status)


@require(rules.can_book_for_callers)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def call_book(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Who is on the line, do they agree? Then it is booked."""
    held = selectors.hold_on_line(user=request.user, uuid=uuid)
    if held is None:
        raise Http404
    if held.state not in AppointmentState.never_booked:
        return redirect("operators:call_booked", held.uuid)
    if held.asked.beneficiary is not None:
        return _book_known(request, held, held.asked.beneficiary)
    form = CallerForm(
        request.POST or None, initial={"key": uuids.uuid4()}, phone_required=held.mode == Mode.PHONE
    )
    if request.method == "POST" and form.is_valid():
        people = perhaps_known(user=request.user, **form.names())
        answer = form.cleaned_data["person"]
        known = next((person for person in people if str(person.uuid) == answer), None)
        if people:
            form.offer([(str(person.uuid), _spoken(request, person)) for person in people])
        if people and known is None and answer != OTHER_PERSON:
            form.ask_who()
        elif response := _book(request, held, form, known, form.names()):
            return response
    return render(request, "operators/reception/calls/call_book.html", {**_held_context(held), "form": form})


def _spoken(request: SignedRequest, person: Beneficiary) -> str:
    """Identity and next appointment: what lets the officer ask, nothing of what was said in sessions."""
    parts = [person.full_name, person.phone and phone(person.phone), person.email]
    coming = selectors.appointments_of(user=request.user, beneficiary=person)
    booked = coming.to_come(timezone.now()).last()
    if booked:
        parts.append(f"rendez-vous le {long_instant(booked.starts_at, booked.site.zone)}")
    return ", ".join(part for part in parts if part)


def _book_known(request: SignedRequest, held: Appointment, person: Beneficiary) -> HttpResponse:
    form = AgreementForm(request.POST or None, initial={"key": uuids.uuid4()})
    names = {name: getattr(person, name) for name in ("first_name", "last_name", "email", "phone")}
    if request.method == "POST" and form.is_valid() and (done := _book(request, held, form, person, names)):
        return done
    context = {**_held_context(held), "form": form, "person": person}
    return render(request, "operators/reception/calls/call_book.html", context)


def _book(
    request: SignedRequest, held: Appointment, form: Any, known: Beneficiary | None, names: dict
) -> HttpResponse | None:
    try:
        booked = services.book_for_caller(
            hold=held,
            known=known,
            agreed=form.cleaned_data["agreed"],
            idempotency_key=form.cleaned_data["key"],
            by=request.user,
            now=timezone.now(),
            caller=CallerDetails(**names),
        )
    except SlotTaken as refusal:
        messages.error(request, str(refusal))
        return redirect(_slots_page(held))
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return None
    return redirect("operators:call_booked", booked.uuid)


def _slots_page(held: Appointment) -> str:
    page = reverse("operators:call_slots", args=[held.asked.reference])
    return page + SlotSearch.like(held).url()


def _held_context(held: Appointment) -> dict:
    named = held_context(held, slots_url=_slots_page(held), now=timezone.now())
    return named | {"person": None, "receiver": held.adviser}


@require(rules.can_book_for_callers)
@require_safe
def call_booked(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """What to read aloud before hanging up."""
    booked = selectors.booked_on_line(user=request.user, uuid=uuid)
    if booked is None or booked.service_request is None:
        raise Http404
    context = {
        "appointment": booked,
        "site": booked.site,
        "minutes": minutes(booked),
        "person": booked.beneficiary,
        "is_booked": booked.state == AppointmentState.BOOKED,
        "written": [fate(message) for message in confirmations_of(appointment=booked)],
    }
    return render(request, "operators/reception/calls/call_booked.html", context)


@require(rules.can_book_next)
@require_safe
def next_appointment(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """From a pathway to one's own hours for that person; those of colleagues are one link away."""
    person = selectors.caller(user=request.user, uuid=uuid)
    if person is None:
        raise Http404
    asked = selectors.latest_request(user=request.user, beneficiary=person, now=timezone.now())
    if asked is None:
        messages.info(request, "Cette personne n’a pas de demande en cours ici : enregistrez-la d’abord.")
        return redirect("operators:call_start")
    like_last_time = selectors.like_last_time(user=request.user, beneficiary=person)
    return redirect(_slots_url(asked, {**like_last_time, "conseiller": OWN_ADVISER}))
