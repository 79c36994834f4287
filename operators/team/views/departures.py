from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.templatetags.french import short_instant
from operators.network.models import Adviser
from operators.team import rules, selectors, services
from operators.team.selectors import Departure


def _adviser(request: HttpRequest, uuid) -> Adviser:
    advisers = Adviser.objects.visible_to(request.user).select_related("user", "site__contract")
    return get_object_or_404(advisers, uuid=uuid)


@require(rules.can_run_network)
@require_http_methods(["GET", "HEAD", "POST"])
def adviser_suspend(request: HttpRequest, uuid) -> HttpResponse:
    """Whom does this adviser receive, and what would become of each? Then suspend, in one act."""
    adviser, now = _adviser(request, uuid), timezone.now()
    if not adviser.is_active:
        return redirect("operators:adviser_capacity", adviser.uuid)
    if request.method == "POST":
        try:
            replaced = services.suspend_adviser(adviser=adviser, by=request.user, now=now)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect("operators:adviser_suspend", adviser.uuid)
        messages.success(request, _said(adviser, len(replaced)))
        return redirect("operators:replacement_list" if replaced else "operators:team")
    departure = selectors.departure_of(adviser=adviser, now=now)
    context = {"adviser": adviser, "departure": departure, "lines": _lines(departure)}
    return render(request, "operators/team/adviser_suspend.html", context)


def _lines(departure: Departure) -> list[dict]:
    return [
        {
            "appointment": one.appointment,
            "colleague": one.colleague,
            "slots": [short_instant(slot.starts_at, slot.zone) for slot in one.slots],
        }
        for one in departure.consequences
    ]


def _said(adviser: Adviser, count: int) -> str:
    if count == 0:
        return f"{adviser.user.full_name} ne reçoit plus. Aucun rendez-vous n’était pris."
    people = "1 personne est prévenue" if count == 1 else f"{count} personnes sont prévenues"
    return f"{adviser.user.full_name} ne reçoit plus et {people}. Leurs réponses s’affichent ici."


@require(rules.can_run_network)
@require_POST
def adviser_resume(request: HttpRequest, uuid) -> HttpResponse:
    """Let a suspended adviser receive again."""
    adviser = _adviser(request, uuid)
    try:
        services.resume_adviser(adviser=adviser, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{adviser.user.full_name} reçoit de nouveau : ses plages sont proposées.")
    return redirect("operators:adviser_capacity", adviser.uuid)
