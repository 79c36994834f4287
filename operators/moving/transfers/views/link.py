"""A person without an account: a signed link, then a code sent to the contact known."""

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from beneficiaries.request.forms import CodeForm
from cep_portal.accounts.enums import Role
from cep_portal.common.access import public
from cep_portal.common.errors import DomainError
from cep_portal.common.links import LostLink
from cep_portal.common.throttle import throttled
from operators.moving.transfers import links, rules, selectors, services
from operators.moving.transfers.enums import ConsentWay
from operators.moving.transfers.models import Transfer
from operators.moving.transfers.views import answering

PROOF = "transfer_proof"  # session key: {uuid of the transfer: until when}


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("send_code", limit=10, seconds=600)
def transfer_link(request: HttpRequest, signed: str) -> HttpResponse:
    """Your adviser waits for an answer: prove that it is you. Nothing is shown before."""
    transfer = _transfer(signed)
    if _is_person(request, transfer):
        return redirect("operators:own_transfer", transfer.uuid)
    if _is_proved(request, transfer):
        return redirect("operators:transfer_answer", signed)
    refused = ""
    if request.method == "POST":
        try:
            code = services.send_proof(transfer=transfer, now=timezone.now())
        except DomainError as refusal:
            refused = str(refusal)
        else:
            return redirect("operators:transfer_code", signed, code.uuid)
    return render(request, "operators/moving/transfers/link.html", {"refused": refused})


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("confirm_code", limit=20, seconds=600)
def transfer_code(request: HttpRequest, signed: str, uuid: UUID) -> HttpResponse:
    """Copy the code received."""
    transfer = _transfer(signed)
    code = selectors.code_of(transfer=transfer, uuid=uuid)
    if code is None:
        raise Http404
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            services.prove_person(person_code=code, code=form.cleaned_data["code"], now=now)
        except DomainError as refusal:
            form.add_error("code", str(refusal))
        else:
            _prove(request, transfer, now=now)
            return redirect("operators:transfer_answer", signed)
    context = {
        "form": form,
        "by_sms": not code.email,
        "again": reverse("operators:transfer_link", args=[signed]),
    }
    return render(request, "operators/moving/transfers/link_code.html", context)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("change", limit=30, seconds=600)
def transfer_answer(request: HttpRequest, signed: str) -> HttpResponse:
    """What would pass to the other operator, and do I agree? For the browser that copied the code."""
    transfer = _transfer(signed)
    if not _is_proved(request, transfer):
        return redirect("operators:transfer_link", signed)
    return answering.answer(
        request,
        transfer,
        way=ConsentWay.LINK,
        by=None,
        here=reverse("operators:transfer_answer", args=[signed]),
        withdraw=reverse("operators:transfer_take_back", args=[signed]),
    )


@public
@require_POST
@throttled("change", limit=30, seconds=600)
def transfer_take_back(request: HttpRequest, signed: str) -> HttpResponse:
    """I change my mind, while nothing is received."""
    transfer = _transfer(signed)
    if not _is_proved(request, transfer):
        return redirect("operators:transfer_link", signed)
    here = reverse("operators:transfer_answer", args=[signed])
    return answering.take_back(request, transfer, by=None, here=here)


def _transfer(signed: str) -> Transfer:
    uuid = links.unsign(signed)
    transfer = selectors.transfer_of_link(uuid=uuid) if uuid else None
    person = transfer.pathway.beneficiary if transfer else None
    if transfer is None or person is None or person.erased_at or person.restricted_at:
        raise LostLink(was_read=uuid is not None, label="Entrer dans mon espace", url="/mon-espace/")
    return transfer


def _is_person(request: HttpRequest, transfer: Transfer) -> bool:
    user = request.user
    return (
        user.is_authenticated
        and user.role == Role.BENEFICIARY
        and transfer.pathway.beneficiary.user_id == user.pk
    )


def _is_proved(request: HttpRequest, transfer: Transfer) -> bool:
    until = request.session.get(PROOF, {}).get(str(transfer.uuid))
    return until is not None and timezone.now() < datetime.fromisoformat(until)


def _prove(request: HttpRequest, transfer: Transfer, *, now: datetime) -> None:
    until = (now + rules.PROOF_LASTS).isoformat()
    request.session[PROOF] = {**request.session.get(PROOF, {}), str(transfer.uuid): until}
