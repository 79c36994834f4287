from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from cep_portal.common.undo import is_undo, offer_undo
from operators.booking.demand import presenters, rules, selectors, services
from operators.booking.demand.enums import GiveUpReason
from operators.booking.demand.forms import GiveUpForm
from operators.booking.demand.models import CallBack

PER_PAGE = 30
COUNTED_DAYS = 90


@require(rules.can_read_demand)
@require_safe
def call_back_list(request: SignedRequest) -> HttpResponse:
    """Whom do we owe a call, and since when? The oldest promise first."""
    page = Paginator(selectors.call_backs(user=request.user), PER_PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "page": page,
        "rows": [presenters.call_back_row(call_back, now=now) for call_back in page],
        "may_call": rules.can_call_back(request.user),
        "reasons": GiveUpReason.choices,
    }
    return render(request, "operators/booking/demand/call_back_list.html", context)


@require(rules.can_call_back)
@require_POST
@sent_once
def call_back_note(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """I called: the person answered, or not."""
    call_back = get_object_or_404(
        CallBack.objects.visible_to(request.user).select_related("service_request"), uuid=uuid
    )
    reached = request.POST.get("joint") == "oui"
    try:
        noted = services.note_call(call_back=call_back, reached=reached, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, presenters.call_back_said(noted))
    return redirect("operators:call_back_list")


@require(rules.can_call_back)
@require_POST
def call_back_follow(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """I take this call, I leave it to the team, or nothing more can be done and why."""
    call_back = get_object_or_404(
        CallBack.objects.visible_to(request.user).select_related("service_request"), uuid=uuid
    )
    act, given, now = request.POST.get("acte", ""), GiveUpForm(request.POST), timezone.now()
    try:
        if act == "prendre":
            services.take_call_back(call_back=call_back, by=request.user, now=now)
            said = "Ce rappel est pour vous : vos collègues le voient."
            _told(request, call_back, said, "laisser", now=now)
        elif act == "laisser":
            services.leave_call_back(call_back=call_back, by=request.user, now=now)
            opposite = "prendre" if call_back.taken_by_id == request.user.pk else ""
            _told(request, call_back, "Ce rappel est de nouveau à toute l’équipe.", opposite, now=now)
        elif given.is_valid():
            reason = GiveUpReason(given.cleaned_data["reason"])
            services.give_up_call_back(call_back=call_back, reason=reason, by=request.user, now=now)
            messages.success(request, f"Rappel clos sans suite : {reason.label.lower()}.")
        else:
            messages.error(request, "Dites pourquoi ce rappel est clos sans suite.")
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("desk" if request.POST.get("retour") else "operators:call_back_list")


def _told(request: SignedRequest, call_back: CallBack, said: str, opposite: str, *, now: datetime) -> None:
    """What was done, with the opposite act when there is one for this officer; an undoing offers nothing."""
    if opposite and not is_undo(request):
        url = reverse("operators:call_back_follow", args=[call_back.uuid])
        offer_undo(request, said, url, fields={"acte": opposite}, now=now)
    else:
        messages.success(request, said)


@require(rules.can_read_demand)
@require_safe
def waiting_list(request: SignedRequest) -> HttpResponse:
    """Who waits for a place, in what order, for what?"""
    page = Paginator(selectors.waiting_list(user=request.user), PER_PAGE).get_page(request.GET.get("page"))
    first = page.start_index()
    context = {
        "page": page,
        "rows": [presenters.waiting_row(entry, number) for number, entry in enumerate(page, start=first)],
    }
    return render(request, "operators/booking/demand/waiting_list.html", context)


@require(rules.can_count_demand)
@require_safe
def unmet_demand(request: SignedRequest) -> HttpResponse:
    """What do people look for without finding it, and where? Counts of the last 90 days, no person."""
    since = timezone.now() - timedelta(days=COUNTED_DAYS)
    counts = selectors.unmet_counts(
        "commune__department__name", "level", "modes", "hours", since=since, user=request.user
    )
    context = {
        "rows": [presenters.unmet_row(count) for count in counts],
        "days": COUNTED_DAYS,
        "waiting": presenters.waiting_rows(selectors.waiting_of_operator(user=request.user)),
    }
    return render(request, "operators/booking/demand/unmet_demand.html", context)
