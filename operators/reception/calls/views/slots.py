from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from operators.booking.agenda.enums import Channel
from operators.booking.agenda.presenters.slot_search import LEVELS, MODES
from operators.booking.agenda.selectors import Slot, slot_of
from operators.booking.agenda.services import WantedSlot, hold_for_request
from operators.casework.desk.presenters import adviser_known
from operators.casework.desk.selectors import find_people
from operators.network.models import Adviser, Site
from operators.reception.calls import rules, selectors
from operators.reception.calls.forms import CallerSearchForm, HourForm, ReceivedForm

SEARCH_KEY = "hour_search"
TAKEN = "Cette heure n’est plus libre. Choisissez-en une autre."
NO_REQUEST = "Cette personne n’a pas de demande en cours ici : enregistrez-la d’abord."


@require(rules.can_book_for_callers)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def slot_book(request: SignedRequest) -> HttpResponse:
    """Whom does this adviser receive at this hour? The address says both; a name holds the hour."""
    if not request.GET:
        return redirect("operators:call_start")
    adviser, starts_at = _hour_of(request)
    now = timezone.now()
    slot = slot_of(adviser=adviser, starts_at=starts_at, now=now)
    if slot is None:
        messages.error(request, TAKEN)
        return redirect(_agenda_url(request, adviser, starts_at))
    if "recherche" in request.POST:
        asked = CallerSearchForm(request.POST)
        request.session[SEARCH_KEY] = asked.cleaned_data["recherche"] if asked.is_valid() else ""
        return redirect(request.get_full_path())
    site = Site.objects.select_related("contract").get(pk=slot.site_id)
    form = ReceivedForm(request.POST or None, levels=slot.levels, modes=slot.modes)
    if request.method == "POST" and form.is_valid():
        return _hold(request, form, slot, site, adviser, now=now)
    search = request.session.pop(SEARCH_KEY, "")
    context = {
        "adviser": adviser,
        "slot": slot,
        "site": site,
        "form": form,
        "search_form": CallerSearchForm(initial={"recherche": search}),
        "search": search,
        "found": find_people(user=request.user, text=search),
        "proposed": selectors.people_to_receive(user=request.user, adviser=adviser, now=now),
        "agenda_url": _agenda_url(request, adviser, starts_at),
    }
    return render(request, "operators/reception/calls/slot_book.html", context)


def _hour_of(request: SignedRequest) -> tuple[Adviser, datetime]:
    """Whose hour, and the instant; an altered address leads nowhere."""
    asked = HourForm(request.GET)
    if not asked.is_valid():
        raise Http404
    said = asked.cleaned_data
    adviser = adviser_known(user=request.user, uuid=said["qui"])
    if adviser is None:
        raise Http404
    return adviser, datetime.combine(said["jour"], said["heure"], tzinfo=ZoneInfo(adviser.site.zone))


def _agenda_url(request: SignedRequest, adviser: Adviser, starts_at: datetime) -> str:
    """The day of the hour: in the agenda for who has one, else the search of slots."""
    if request.user.role != Role.ADVISER:
        return reverse("operators:call_start")
    day = {"vue": "jour", "jour": starts_at.date().isoformat(), "qui": adviser.uuid}
    return reverse("operators:agenda", query=day)


def _hold(
    request: SignedRequest, form: ReceivedForm, slot: Slot, site: Site, adviser: Adviser, *, now: datetime
) -> HttpResponse:
    person = selectors.caller(user=request.user, uuid=form.cleaned_data["personne"])
    if person is None:
        raise Http404
    asked = selectors.latest_request(user=request.user, beneficiary=person, now=now)
    if asked is None:
        messages.info(request, NO_REQUEST)
        return redirect("operators:call_start")
    try:
        hold = hold_for_request(
            service_request=asked,
            by=request.user,
            wanted=_wanted(request, form, slot, site, person),
            now=now,
            channel=Channel.ADVISER if request.user.role == Role.ADVISER else Channel.INTAKE_OFFICER,
            adviser=adviser.pk,
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect(request.get_full_path())
    return redirect("operators:call_book", hold.uuid)


def _wanted(
    request: SignedRequest, form: ReceivedForm, slot: Slot, site: Site, person: Beneficiary
) -> WantedSlot:
    """What is chosen, else what the person had last time where the hour allows it, else its first."""
    last: dict[str, Any] = selectors.like_last_time(user=request.user, beneficiary=person)

    def choose(name: str, words: dict[str, Any], offered: tuple[str, ...]) -> str:
        word = form.cleaned_data[name] or last.get(name, "")
        return words[word] if word in words and words[word] in offered else offered[0]

    return WantedSlot(
        site=site,
        starts_at=slot.starts_at,
        level=choose("niveau", LEVELS, slot.levels),
        mode=choose("modalite", MODES, slot.modes),
    )
