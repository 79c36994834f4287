from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.templatetags.french import short_day
from operators.network.enums import Mode
from operators.supervision import rules, selectors, services
from operators.supervision.forms import CloseForm
from operators.supervision.models import OpeningRequest


@require(rules.can_see_capacity)
@require_safe
def capacity(request: HttpRequest) -> HttpResponse:
    """What is open, taken and awaited in each place, and what must I open?"""
    now = timezone.now()
    rows = selectors.capacity(user=request.user, now=now)
    context = {
        "rows": rows,
        "mondays": [short_day(week.monday)[5:] for week in rows[0].weeks] if rows else [],
        "requests": [
            {"request": one, "days": (now - one.asked_at).days}
            for one in selectors.opening_requests(user=request.user)
        ],
        "full": selectors.full_offers(user=request.user, now=now),
        "supervision_days": settings.PORTAL_SUPERVISION_DAYS,
        "now": now,
    }
    return render(request, "operators/supervision/capacity.html", context)


@require(rules.can_see_capacity)
@require_http_methods(["GET", "HEAD", "POST"])
def opening_request_close(request: HttpRequest, uuid) -> HttpResponse:
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
    return render(request, "operators/supervision/opening_request_close.html", {"asked": asked, "form": form})


@require(rules.can_watch_supply)
@require_safe
def lot_supply(request: HttpRequest) -> HttpResponse:
    """Contract by contract, how long does one wait, and where are slots missing?"""
    now = timezone.now()
    rows = [
        {
            "supply": one,
            "delays": [one.first_days.get(mode) for mode in Mode],
            "age": (now - one.oldest).days if one.oldest else None,
        }
        for one in selectors.lot_supply(now=now)
    ]
    context = {"rows": rows, "modes": [mode.label for mode in Mode], "now": now}
    return render(request, "operators/supervision/lot_supply.html", context)
