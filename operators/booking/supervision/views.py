from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.facts import grouped
from cep_portal.common.sent_once import sent_once
from operators.booking.agenda.selectors import opening_days, opening_rules
from operators.booking.agenda.services import OpeningHours
from operators.booking.supervision import rules, selectors, services
from operators.booking.supervision.forms import CloseForm, TeamOpeningForm
from operators.booking.supervision.models import OpeningRequest
from operators.network.enums import Mode
from operators.network.models import Site


@require(rules.can_see_capacity)
@require_safe
def capacity(request: SignedRequest) -> HttpResponse:
    """What is open, taken and awaited in each place, and what must I open?"""
    now = timezone.now()
    rows = selectors.capacity(user=request.user, now=now)
    context = {
        "rows": rows,
        "mondays": [week.label for week in rows[0].weeks] if rows else [],
        "requests": [
            {"request": opening, "days": (now - opening.asked_at).days}
            for opening in selectors.opening_requests(user=request.user)
        ],
        "full": selectors.full_offers(user=request.user, now=now),
        "supervision_days": settings.PORTAL_SUPERVISION_DAYS,
        "now": now,
    }
    return render(request, "operators/booking/supervision/capacity.html", context)


@require(rules.can_see_capacity)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def team_opening(request: SignedRequest) -> HttpResponse:
    """Who can receive more, where and when? « ?demande= » names what is missing."""
    asked = _asked(request)
    form = TeamOpeningForm(
        request.POST or None,
        sites=Site.objects.visible_to(request.user).filter(is_open=True).order_by("name", "pk"),
        advisers=selectors.team(user=request.user),
        initial=_wanted(asked),
    )
    if request.method == "POST" and form.is_valid():
        try:
            opened = services.open_for_adviser(
                **grouped(form.cleaned_data, hours=OpeningHours), by=request.user, now=timezone.now()
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            name = opened.adviser.user.full_name
            messages.success(
                request, f"La plage est ouverte, ses créneaux sont proposés. {name} en est averti."
            )
            others = opening_rules(adviser=opened.adviser, on=timezone.localdate())
            if opened.pk in opening_days.overlapping(list(others)):
                messages.warning(request, f"Elle chevauche une autre plage de {name}. Vérifiez leurs heures.")
            return redirect("operators:capacity")
    return render(request, "operators/booking/supervision/team_opening.html", {"form": form, "asked": asked})


def _asked(request: SignedRequest) -> OpeningRequest | None:
    wanted = request.GET.get("demande")
    if not wanted:
        return None
    try:
        uuid = UUID(wanted)
    except ValueError:
        raise Http404 from None
    requests = OpeningRequest.objects.visible_to(request.user).open().select_related("site")
    return get_object_or_404(requests, uuid=uuid)


def _wanted(asked: OpeningRequest | None) -> dict:
    given = {"first_on": timezone.localdate(), "levels": ["ONE", "TWO"], "modes": ["ON_SITE"]}
    if asked is None:
        return given
    return given | {
        "site": asked.site.slug if asked.site else None,
        "levels": [asked.level],
        "modes": [asked.mode],
    }


@require(rules.can_see_capacity)
@require_http_methods(["GET", "HEAD", "POST"])
def opening_request_close(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Why do we open nothing more here?"""
    asked = get_object_or_404(
        OpeningRequest.objects.visible_to(request.user).select_related("site"), uuid=uuid
    )
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.close_opening_request(
                request=asked, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now()
            )
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "La demande est close.")
        return redirect("operators:capacity")
    return render(
        request, "operators/booking/supervision/opening_request_close.html", {"asked": asked, "form": form}
    )


@require(rules.can_watch_supply)
@require_safe
def lot_supply(request: HttpRequest) -> HttpResponse:
    """Contract by contract, how long does one wait, and where are slots missing?"""
    now = timezone.now()
    rows = [
        {
            "supply": selector,
            "delays": [selector.first_days.get(mode) for mode in Mode],
            "age": (now - selector.oldest).days if selector.oldest else None,
        }
        for selector in selectors.lot_supply(now=now)
    ]
    context = {"rows": rows, "modes": [mode.label for mode in Mode], "now": now}
    return render(request, "operators/booking/supervision/lot_supply.html", context)
