"""The person's answer, the same from the personal space and from the link with its code."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from cep_portal.accounts.models import User
from cep_portal.common.errors import DomainError
from operators.casework.pathways.selectors import coming_appointments
from operators.moving.transfers import presenters, rules, services
from operators.moving.transfers.enums import TransferState, WithdrawnBy
from operators.moving.transfers.forms import AnswerForm
from operators.moving.transfers.models import Transfer

DECLINE = "refuser"


def answer(
    request: HttpRequest, transfer: Transfer, *, way: str, by: User | None, here: str, withdraw: str
) -> HttpResponse:
    """Read the inventory and answer; afterwards, what was said and the way to take it back."""
    now = timezone.now()
    if transfer.state != TransferState.PREPARED or rules.is_over(transfer, now=now):
        return _standing(request, transfer, withdraw=withdraw)
    if request.method == "POST" and DECLINE in request.POST:
        return take_back(request, transfer, by=by, here=here)
    appointments = list(coming_appointments(pathway=transfer.pathway, now=now))
    form = AnswerForm(
        request.POST or None,
        items=list(transfer.items.all()),
        appointments=appointments,
        words=rules.consent_words(transfer.contract.holder.name),
        initial={
            "shown": transfer.inventory_sha256,
            **{f"keep_{appointment.pk}": True for appointment in appointments},
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.consent_to_transfer(transfer=transfer, **form.answers(), way=way, by=by, now=now)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Votre accord est enregistré. Votre conseiller envoie la suite.")
            return redirect(here)
    context = {"transfer": transfer, "form": form}
    return render(request, "operators/moving/transfers/person_answer.html", context)


def _standing(request: HttpRequest, transfer: Transfer, *, withdraw: str) -> HttpResponse:
    context = {
        "transfer": transfer,
        "badge": presenters.badge(transfer),
        "inventory": presenters.inventory(transfer.items.all(), with_answers=True),
        "appointments": presenters.appointment_rows(transfer),
        "withdraw": withdraw if transfer.state in TransferState.open else "",
    }
    return render(request, "operators/moving/transfers/person_standing.html", context)


def take_back(request: HttpRequest, transfer: Transfer, *, by: User | None, here: str) -> HttpResponse:
    try:
        services.withdraw_transfer(transfer=transfer, who=WithdrawnBy.PERSON, by=by, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "C’est noté : rien n’est transmis, votre conseiller reste le même.")
    return redirect(here)
