from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beneficiaries.request.presenters import they_read
from cep_portal.accounts.models import SignedRequest
from cep_portal.accounts.services import record_opening
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.errors import SlotTaken
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.presenters.slot_search import LEVELS, MODES, SlotSearch
from operators.booking.agenda.presenters.slot_week import (
    chosen_slot,
    near_places,
    nearest_choices,
    slots_context,
)
from operators.booking.agenda.services import cancel_appointment, change_level, move_appointment
from operators.booking.agenda.wording import minutes
from operators.casework.desk.selectors import MOST_PEOPLE, find_people
from operators.casework.pathways.rules import can_read_pathways
from operators.reception.calls import rules, selectors
from operators.reception.calls.forms import CallerSearchForm, CancelForm, LevelForm

SEARCH_KEY = "caller_search"


@require(rules.can_book_for_callers)
@require_http_methods(["GET", "HEAD", "POST"])
def caller_search(request: SignedRequest) -> HttpResponse:
    """Whom am I looking for? By name, number, address or reference, kept out of the address bar.

    The box at the top of each page of a desk is sent here.
    """
    if request.method == "POST":
        asked = CallerSearchForm(request.POST)
        request.session[SEARCH_KEY] = asked.cleaned_data["recherche"] if asked.is_valid() else ""
        return redirect("operators:caller_search")
    search = request.session.get(SEARCH_KEY, "")
    context = {
        "form": CallerSearchForm(initial={"recherche": search}),
        "search": search,
        "people": find_people(user=request.user, text=search),
        "most": MOST_PEOPLE,
        "reads_files": can_read_pathways(request.user),
    }
    return render(request, "operators/reception/calls/caller_search.html", context)


@require(rules.can_book_for_callers)
@require_safe
def caller_detail(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Identity and appointments, nothing else: who books reads no file (RDV-SP 1692)."""
    person = selectors.caller(user=request.user, uuid=uuid)
    if person is None:
        raise Http404
    now = timezone.now()
    record_opening(target=person, by=request.user, now=now)
    appointments = list(selectors.appointments_of(user=request.user, beneficiary=person))
    context = {
        "person": person,
        "coming": [appointment for appointment in appointments if _is_coming(appointment, now)],
        "past": [appointment for appointment in appointments if not _is_coming(appointment, now)],
        "asked": selectors.latest_request(user=request.user, beneficiary=person, now=now),
    }
    return render(request, "operators/reception/calls/caller_detail.html", context)


def _is_coming(appointment: Appointment, now: datetime) -> bool:
    return appointment.state == AppointmentState.BOOKED and appointment.ends_at > now


def _booked(request: SignedRequest, uuid: UUID) -> Appointment:
    booked = selectors.booked_on_line(user=request.user, uuid=uuid)
    if booked is None:
        raise Http404
    return booked


@require(rules.can_book_for_callers)
@require_http_methods(["GET", "HEAD", "POST"])
def caller_cancel(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Cancel with the person on the line, or for the service: who asked is kept beside who typed."""
    booked = _booked(request, uuid)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            cancel_appointment(appointment=booked, actor=request.user, now=now, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Rendez-vous annulé. {they_read(booked.person, at=now)}")
            return redirect("operators:caller_detail", booked.person.uuid)
    context = {"appointment": booked, "site": booked.site, "minutes": minutes(booked), "form": form}
    return render(request, "operators/reception/calls/caller_cancel.html", context)


@require(rules.can_book_for_callers)
@require_POST
def appointment_level(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Level 1 becomes level 2, or the other way: one press, the same press back."""
    booked = _booked(request, uuid)
    form = LevelForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        changed = change_level(
            appointment=booked, level=form.cleaned_data["level"], now=timezone.now(), actor=request.user
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Le rendez-vous est de {changed.get_level_display()}.")
    if form.cleaned_data["parcours"]:
        return redirect("operators:pathway_detail", form.cleaned_data["parcours"])
    return redirect("operators:caller_detail", booked.person.uuid)


@require(rules.can_book_for_callers)
@require_http_methods(["GET", "HEAD", "POST"])
def caller_move(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Another hour for the person on the line; until it is chosen and checked, the present one stands."""
    booked = _booked(request, uuid)
    if booked.service_request is None:
        raise Http404
    search = SlotSearch.read(request.GET) if request.GET else SlotSearch.like(booked)
    places = near_places(booked.service_request, search)
    chosen = chosen_slot(request.POST.get("creneau", ""), places) if request.method == "POST" else None
    if chosen and "confirmer" not in request.POST:
        return _check(request, booked, search, chosen)
    nearest, status, now = [], 200, timezone.now()
    if chosen:
        try:
            moved = _move(request, booked, search, chosen, now=now)
        except SlotTaken as refusal:
            nearest, status = nearest_choices(refusal, places), 409
            messages.error(request, str(refusal))
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect("operators:caller_detail", booked.person.uuid)
        else:
            messages.success(request, f"Rendez-vous déplacé. {they_read(moved.person, at=now)}")
            return redirect("operators:caller_detail", moved.person.uuid)
    elif request.method == "POST":
        messages.error(request, "Ce créneau n’existe pas. Choisissez-en un dans la liste.")
    context = slots_context(booked.service_request, search, places, now=now, moving=booked, lets_go=False)
    context |= {"appointment": booked, "site": booked.site, "nearest": nearest}
    return render(request, "operators/reception/calls/caller_move.html", context, status=status)


def _check(request: HttpRequest, booked: Appointment, search: SlotSearch, chosen: Any) -> HttpResponse:
    site, starts_at = chosen
    context = {
        "appointment": booked,
        "site": booked.site,
        "new_site": site,
        "new_starts_at": starts_at,
        "new_mode": MODES[search.mode].label,
        "value": request.POST["creneau"],
        "search_url": search.url(),
    }
    return render(request, "operators/reception/calls/caller_move_check.html", context)


def _move(
    request: SignedRequest, booked: Appointment, search: SlotSearch, chosen: Any, *, now: datetime
) -> Appointment:
    site, starts_at = chosen
    return move_appointment(
        appointment=booked,
        site=site,
        starts_at=starts_at,
        level=LEVELS[search.level],
        mode=MODES[search.mode],
        now=now,
        actor=request.user,
    )
