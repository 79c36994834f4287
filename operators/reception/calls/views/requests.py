from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from beneficiaries.request.models import ServiceRequest
from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.days import local_day
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from cep_portal.common.undo import is_undo, offer_undo
from operators.booking.demand.selectors import call_backs
from operators.casework.desk.presenters import calls_due
from operators.casework.pathways import presenters
from operators.reception.calls import rules, selectors, services
from operators.reception.calls.enums import RequestEndReason
from operators.reception.calls.forms import RequestEndForm, RequestFilterForm

PER_PAGE = 30


@require(rules.can_answer_requests)
@require_safe
def request_list(request: SignedRequest) -> HttpResponse:
    """Who waits for an answer, since when, and who of us answers?"""
    now, present = timezone.now(), timezone.localdate()
    asked = RequestFilterForm(request.GET)
    chosen: dict[str, Any] = asked.cleaned_data if asked.is_valid() else {}
    service_requests = selectors.only(
        selectors.unanswered_requests(user=request.user, is_ended=chosen.get("qui") == "closes"),
        user=request.user,
        whose=chosen.get("qui", ""),
        late=chosen.get("retard", False),
        access=chosen.get("accueil", False),
        now=now,
    )
    page = Paginator(service_requests, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(service_request, present) for service_request in page],
        "filters": _filters(request, chosen),
        "is_filtered": any(chosen.values()),
        "calls": calls_due(call_backs(user=request.user), now=now),
        "reasons": RequestEndReason.choices,
        "today": present,
    }
    return render(request, "operators/reception/calls/request_list.html", context)


def _row(service_request: ServiceRequest, present: date) -> dict:
    asked_on = local_day(service_request.requested_at)
    handling = getattr(service_request, "handling", None)
    return {
        "request": service_request,
        "age": presenters.days_ago(asked_on, present),
        "is_late": rules.is_late_to_answer(asked_on, on=present),
        "needs": presenters.access_needs(service_request.access_needs),
        "taken_by": handling.taken_by if handling else None,
        "end_reason": handling.get_end_reason_display() if handling else "",
    }


def _filters(request: HttpRequest, chosen: dict[str, Any]) -> list[dict]:
    def item(label: str, name: str, value: str) -> dict:
        query = request.GET.copy()
        query.pop("page", None)
        query.pop(name, None)
        if value:
            query[name] = value
        present = str(chosen.get(name) or "").replace("True", "oui")
        return {"label": label, "url": f"?{query.urlencode()}", "current": present == value}

    groups = {
        "Demandes": (
            "qui",
            [
                ("Toutes", ""),
                ("À prendre", "libres"),
                ("Prises par moi", "moi"),
                ("Closes sans suite", "closes"),
            ],
        ),
        "Âge": ("retard", [("Tous", ""), ("En retard", "oui")]),
        "Accueil": ("accueil", [("Tous", ""), ("À prévoir", "oui")]),
    }
    return [
        {"label": label, "items": [item(text, name, value) for text, value in choices]}
        for label, (name, choices) in groups.items()
    ]


@require(rules.can_answer_requests)
@require_POST
@sent_once
def request_follow(request: SignedRequest, reference: str) -> HttpResponse:
    """I take this request, I leave it to the team, or it ends without an appointment and why."""
    asked = selectors.asked_request(user=request.user, reference=reference)
    if asked is None:
        raise Http404
    try:
        _follow(request, asked, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("desk" if request.POST.get("retour") else "operators:request_list")


def _follow(request: SignedRequest, asked: ServiceRequest, *, now: datetime) -> None:
    act, given = request.POST.get("acte", ""), RequestEndForm(request.POST)
    facts: Any = {"service_request": asked, "by": request.user, "now": now}
    if act == "prendre":
        services.take_request(**facts)
        _told(request, asked, "Cette demande est pour vous : vos collègues le voient.", "laisser", now=now)
    elif act == "laisser":
        was_mine = getattr(getattr(asked, "handling", None), "taken_by_id", None) == request.user.pk
        services.leave_request(**facts)
        opposite = "prendre" if was_mine else ""
        _told(request, asked, "Cette demande est de nouveau à toute l’équipe.", opposite, now=now)
    elif act == "reprendre":
        services.resume_request(**facts)
        messages.success(request, "Cette demande attend de nouveau un rendez-vous.")
    elif given.is_valid():
        reason = RequestEndReason(given.cleaned_data["reason"])
        services.end_request(**facts, end_reason=reason)
        said = f"Demande {asked.displayed_reference} close sans suite : {reason.label.lower()}."
        _told(request, asked, said, "reprendre", now=now)
    else:
        messages.error(request, "Dites pourquoi cette demande est close sans suite.")


def _told(request: SignedRequest, asked: ServiceRequest, said: str, opposite: str, *, now: datetime) -> None:
    """What was done, with the opposite act when there is one for this officer; an undoing offers nothing."""
    if opposite and not is_undo(request):
        url = reverse("operators:request_follow", args=[asked.reference])
        offer_undo(request, said, url, fields={"acte": opposite}, now=now)
    else:
        messages.success(request, said)
