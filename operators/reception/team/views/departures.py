from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from cep_portal.common.wording.dates import short_instant
from cep_portal.common.wording.numbers import plural
from operators.network.models import Adviser
from operators.reception.team import rules, selectors, services
from operators.reception.team.forms import SuspensionForm
from operators.reception.team.selectors import Departure
from operators.reception.team.services.departures import Suspended


def _adviser(request: SignedRequest, uuid: UUID) -> Adviser:
    advisers = Adviser.objects.visible_to(request.user).select_related("user", "site__contract")
    return get_object_or_404(advisers, uuid=uuid)


@require(rules.can_run_network)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def adviser_suspend(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Whom does this adviser receive and follow, and what would become of each? Then suspend, in one act."""
    adviser, now = _adviser(request, uuid), timezone.now()
    if not adviser.is_active:
        return redirect("operators:adviser_capacity", adviser.uuid)
    form = _form(request, adviser)
    chosen = form.cleaned_data if form.is_valid() else {"colleague": None, "for_good": False}
    if request.method == "POST" and form.is_valid():
        try:
            done = services.suspend_adviser(adviser=adviser, **chosen, by=request.user, now=now)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect("operators:adviser_suspend", adviser.uuid)
        messages.success(request, _said(adviser, done))
        return redirect("operators:replacement_list" if done.replaced else "operators:team")
    departure = selectors.departure_of(adviser=adviser, colleague=chosen["colleague"], now=now)  # type: ignore[arg-type]  # the page asked for it before
    context = {
        "adviser": adviser,
        "departure": departure,
        "lines": _lines(departure),
        "form": form,
        "chosen": chosen,
    }
    return render(request, "operators/reception/team/adviser_suspend.html", context)


def _form(request: HttpRequest, adviser: Adviser) -> SuspensionForm:
    """What was sent, else what was asked to be shown, else who follows fewest at the same place
    among those who have signed in."""
    able = selectors.stand_ins_for(adviser=adviser)
    if request.method == "POST":
        return SuspensionForm(request.POST, colleagues=able)
    first = able.have_come().first()
    proposed = {"colleague": str(first.uuid)} if first else {}
    return SuspensionForm(request.GET if "colleague" in request.GET else proposed, colleagues=able)


def _lines(departure: Departure) -> list[dict]:
    return [
        {
            "appointment": consequence.appointment,
            "colleague": consequence.colleague,
            "slots": [short_instant(slot.starts_at, slot.zone) for slot in consequence.slots],
        }
        for consequence in departure.consequences
    ]


def _said(adviser: Adviser, done: Suspended) -> str:
    words = [f"{adviser.user.full_name} ne reçoit plus."]
    if done.handed:
        name = done.handed[0].colleague.user.full_name
        words.append(f"{len(done.handed)} parcours confié{plural(len(done.handed))} à {name}.")
    count = len(done.replaced)
    if count == 0:
        words.append("Aucun rendez-vous n’était pris.")
    elif count == 1:
        words.append("1 rendez-vous est remplacé : la réponse s’affiche ici.")
    else:
        words.append(f"{count} rendez-vous sont remplacés : les réponses s’affichent ici.")
    return " ".join(words)


@require(rules.can_run_network)
@require_POST
@sent_once
def adviser_resume(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Let a suspended adviser receive again."""
    adviser = _adviser(request, uuid)
    try:
        services.resume_adviser(adviser=adviser, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            f"{adviser.user.full_name} reçoit de nouveau : ses plages sont proposées, et les parcours confiés"
            " jusqu’à son retour lui reviennent.",
        )
    return redirect("operators:adviser_capacity", adviser.uuid)
