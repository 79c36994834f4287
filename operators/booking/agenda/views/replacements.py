from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beneficiaries.request.presenters import we_write
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import public, require
from cep_portal.common.days import local_day
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from cep_portal.common.throttle import throttled
from cep_portal.common.wording.dates import long_instant, short_instant
from operators.booking.agenda import rules, selectors, services
from operators.booking.agenda.enums import ReplacementState
from operators.booking.agenda.errors import SlotTaken
from operators.booking.agenda.forms import AbsenceForm, TeamAbsenceForm
from operators.booking.agenda.links import appointment_path
from operators.booking.agenda.models import Appointment, Replacement
from operators.booking.agenda.presenters.confirmation import people_told
from operators.booking.agenda.presenters.slot_search import read_slot, slot_value
from operators.booking.agenda.selectors import consequences
from operators.booking.agenda.views.appointments import by_link
from operators.booking.agenda.wording import minutes
from operators.network.models import Adviser, Site

SETTLED_SHOWN = timedelta(days=30)
MOST_SHOWN = 50


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("replacement", limit=30, seconds=600)
@by_link
@sent_once
def replacement(request: HttpRequest, appointment: Appointment, signed: str) -> HttpResponse:  # noqa: ARG001 -- the URL’s
    """My appointment cannot be kept: what is proposed, and until when do I answer?"""
    proposed = selectors.replacement_of(appointment=appointment)
    if proposed is None or not rules.can_answer(proposed, now=timezone.now()):
        return redirect(appointment_path(appointment))
    if request.method == "POST":
        response = _answer(request, proposed)
        if response is not None:
            return response
    now = timezone.now()
    slots = consequences.other_slots(appointment, reason=proposed.reason, now=now, also=proposed.slots)
    sites = Site.objects.in_bulk([slot.site_id for slot in slots])
    context = {
        "appointment": appointment,
        "site": appointment.site,
        "minutes": minutes(appointment),
        "replacement": proposed,
        "is_kept": proposed.state in ReplacementState.with_colleague,
        "is_past": appointment.starts_at <= now,
        "slots": [
            {
                "value": slot_value(slot.starts_at, sites[slot.site_id].slug),
                "label": long_instant(slot.starts_at, slot.zone),
                "place": _place(sites[slot.site_id], appointment),
            }
            for slot in slots
        ],
        "slots_url": _slots_url(appointment),
    }
    return render(request, "operators/booking/agenda/replacement.html", context)


def _place(site: Site, appointment: Appointment) -> str:
    """Another place than the one expected is said."""
    return site.name if appointment.mode == "ON_SITE" and site != appointment.site else ""


def _slots_url(appointment: Appointment) -> str | None:
    request = appointment.service_request
    return reverse("operators:slot_list", args=[request.reference]) if request else None


def _answer(request: HttpRequest, proposed: Replacement) -> HttpResponse | None:
    """What the person pressed; None, with a word, when the page must be shown again."""
    appointment, now = proposed.appointment, timezone.now()
    try:
        if "accepter" in request.POST:
            services.accept_replacement(replacement=proposed, now=now)
            messages.success(request, "C’est noté. Votre rendez-vous est maintenu.")
        elif "refuser" in request.POST:
            services.decline_replacement(replacement=proposed, now=now)
            messages.success(request, "C’est noté. Vous pourrez choisir une autre date quand vous voudrez.")
        elif (wanted := read_slot(request.POST.get("creneau", ""))) is not None:
            starts_at, slug = wanted
            site = get_object_or_404(Site, slug=slug, contract=appointment.site.contract_id)
            chosen = services.choose_replacement(
                replacement=proposed, site=site, starts_at=starts_at, mode=appointment.mode, now=now
            )
            told = we_write(chosen.person, at=now)
            messages.success(request, f"Votre nouveau rendez-vous est pris. {told}")
            return redirect(appointment_path(chosen))
        else:
            return None
    except SlotTaken as refusal:
        messages.error(request, f"{refusal} Choisissez-en un autre.")
        return None
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return None
    return redirect(appointment_path(appointment))


@require(rules.can_replace)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def absence_replace(request: SignedRequest) -> HttpResponse:
    """Who is booked during this absence, and what would become of each? Then lay it, in one act."""
    form = _absence_form(request)
    if request.method != "POST" or not form.is_valid() or "changer" in request.POST:
        return render(request, "operators/booking/agenda/absence_replace.html", {"form": form})
    adviser = form.cleaned_data.get("adviser") or _me(request)
    period, now = form.period(adviser.site.zone), timezone.now()
    if "confirmer" in request.POST:
        try:
            _, replaced = services.lay_absence_and_replace(
                adviser=adviser, by=request.user, now=now, **period
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return render(request, "operators/booking/agenda/absence_replace.html", {"form": form})
        messages.success(request, f"L’absence est posée. {people_told(replaced)}")
        return redirect("operators:replacement_list")
    try:
        services.check_absence(now=now, **period)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return render(request, "operators/booking/agenda/absence_replace.html", {"form": form})
    lines = _lines(adviser, period, now=now)
    context = {"form": form, "adviser": adviser, "lines": lines, "period": period, "is_checked": True}
    return render(request, "operators/booking/agenda/absence_replace.html", context)


def _me(request: SignedRequest) -> Adviser:
    advisers = Adviser.objects.visible_to(request.user).select_related("site__contract", "user")
    return get_object_or_404(advisers, user=request.user)


def _absence_form(request: SignedRequest) -> AbsenceForm:
    if request.user.role == Role.ADVISER:
        _me(request)
        return AbsenceForm(request.POST or None)
    team = Adviser.objects.visible_to(request.user).filter(is_active=True)
    ordered = team.select_related("site__contract", "user").order_by(
        "user__last_name", "user__first_name", "pk"
    )
    return TeamAbsenceForm(request.POST or None, advisers=ordered)


def _lines(adviser: Adviser, period: dict, *, now: datetime) -> list[dict]:
    """Each booking of the period and what would become of it."""
    return [
        {
            "appointment": consequence.appointment,
            "colleague": consequence.colleague,
            "slots": [
                short_instant(slot.starts_at, slot.zone, on=local_day(now)) for slot in consequence.slots
            ],
        }
        for consequence in consequences.consequences(adviser=adviser, now=now, **period)
    ]


@dataclass(frozen=True)
class _Line:
    replacement: Replacement
    must_call: bool


@require(rules.can_follow_replacements)
@require_safe
def replacement_list(request: SignedRequest) -> HttpResponse:
    """Who has not answered, and whom do we call? Empty means nobody is forgotten."""
    now = timezone.now()
    waiting = [
        _Line(one, rules.must_call(one, now=now))
        for one in selectors.replacements_to_follow(user=request.user)
    ]
    context = {
        "to_call": [line.replacement for line in waiting if line.must_call],
        "awaited": [line.replacement for line in waiting if not line.must_call],
        "settled": selectors.replacements_settled(user=request.user, since=now - SETTLED_SHOWN)[:MOST_SHOWN],
        "can_replace": rules.can_replace(request.user),
    }
    return render(request, "operators/booking/agenda/replacement_list.html", context)


@require(rules.can_follow_replacements)
@require_POST
@sent_once
def replacement_settle(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """The person was reached by telephone."""
    found = get_object_or_404(selectors.replacements_to_follow(user=request.user), uuid=uuid)
    try:
        services.settle_replacement(replacement=found, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "C’est noté : réglé par téléphone.")
    return redirect("operators:replacement_list")
