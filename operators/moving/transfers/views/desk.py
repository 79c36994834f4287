from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import SignedRequest
from cep_portal.accounts.services import record_opening
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from operators.casework.pathways.gates import pass_gate
from operators.moving.transfers import presenters, rules, selectors, services
from operators.moving.transfers.enums import TransferState, WithdrawnBy
from operators.moving.transfers.errors import TransferRefused
from operators.moving.transfers.forms import ReceptionForm, RefusalForm, TransferForm
from operators.moving.transfers.models import Transfer

PER_PAGE = 30
LEAVING = "departs"


@require(rules.can_transfer)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def transfer_prepare(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Where will the person be received, why, and what could go? The person then answers item by item."""
    pathway = selectors.pathway_of(user=request.user, uuid=uuid)
    if pathway is None:
        raise Http404
    pass_gate(request, pathway)
    form = TransferForm(request.POST or None, files=selectors.files_of(pathway=pathway))
    if request.method == "POST" and form.is_valid():
        try:
            transfer = services.prepare_transfer(
                pathway=pathway,
                commune=form.cleaned_data["commune"],
                reason=form.cleaned_data["reason"],
                files=form.cleaned_data.get("files", ()),
                by=request.user,
                now=timezone.now(),
            )
        except TransferRefused as refusal:
            form.add_error(refusal.field, str(refusal))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Inventaire prêt. La personne est invitée à répondre.")
            return redirect("operators:transfer_detail", transfer.uuid)
    return render(
        request, "operators/moving/transfers/transfer_prepare.html", {"pathway": pathway, "form": form}
    )


@require(rules.can_follow_transfers)
@require_safe
def transfer_list(request: SignedRequest) -> HttpResponse:
    """Who comes, who leaves? A manager reads numbers, no name."""
    if request.user.role == Role.OPERATOR_MANAGER:
        counts = {"counts": selectors.counts(user=request.user)}
        return render(request, "operators/moving/transfers/transfer_counts.html", counts)
    gone, now = request.GET.get("sens") == LEAVING, timezone.now()
    transfers = selectors.leaving(user=request.user) if gone else selectors.coming(user=request.user)
    page = Paginator(transfers, PER_PAGE).get_page(request.GET.get("page"))
    row = presenters.leaving_row if gone else presenters.coming_row
    context = {
        "page": page,
        "rows": [row(transfer, now=now) for transfer in page],
        "is_leaving": gone,
        "filters": [
            {
                "label": "Sens",
                "items": [
                    {"label": "Vers nous", "url": "?", "current": not gone},
                    {"label": "Vers un autre opérateur", "url": f"?sens={LEAVING}", "current": gone},
                ],
            }
        ],
    }
    return render(request, "operators/moving/transfers/transfer_list.html", context)


@require(rules.can_transfer)
@require_safe
def transfer_detail(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Where does this transfer stand? The former operator reads the inventory, the other once received."""
    transfer = _transfer(request, uuid)
    if _is_former(request, transfer):
        return _former_page(request, transfer)
    if transfer.state == TransferState.RECEIVED:
        return _received_page(request, transfer)
    return _coming_page(request, transfer)


def _transfer(request: SignedRequest, uuid: UUID) -> Transfer:
    transfer = selectors.transfer_of(user=request.user, uuid=uuid)
    if transfer is None:
        raise Http404
    return transfer


def _is_former(request: SignedRequest, transfer: Transfer) -> bool:
    return transfer.pathway.contract.holder_id == request.user.organisation_id


def _is_receiver(request: SignedRequest, transfer: Transfer) -> bool:
    return (
        transfer.contract.holder_id == request.user.organisation_id
        and transfer.state in TransferState.seen_by_receiver
    )


def _former_page(request: SignedRequest, transfer: Transfer) -> HttpResponse:
    now, given = timezone.now(), pass_gate(request, transfer.pathway)
    record_opening(target=transfer.pathway, by=request.user, now=now, data=given)
    over = rules.is_over(transfer, now=now)
    context = {
        "transfer": transfer,
        "badge": presenters.badge(transfer),
        "inventory": presenters.inventory(transfer.items.all(), with_answers=True),
        "appointments": presenters.appointment_rows(transfer),
        "history": presenters.happenings(transfer, is_former=True),
        "may_send": transfer.state == TransferState.CONSENTED and not over,
        "may_withdraw": transfer.state in TransferState.open,
        "may_answer": _is_receiver(request, transfer) and transfer.state == TransferState.SENT and not over,
    }
    return render(request, "operators/moving/transfers/transfer_former.html", context)


def _received_page(request: SignedRequest, transfer: Transfer) -> HttpResponse:
    """Exactly what the person agreed to, and nothing else."""
    pathway = transfer.received_in
    given = pass_gate(request, pathway)  # type: ignore[arg-type]  # the page asked for it before
    record_opening(target=pathway, by=request.user, now=timezone.now(), data=given)  # type: ignore[arg-type]  # the page asked for it before
    agreed = [item for item in transfer.items.all() if item.is_agreed]
    context = {"transfer": transfer, "inventory": presenters.inventory(agreed, with_answers=False)}
    return render(request, "operators/moving/transfers/transfer_received.html", context)


def _coming_page(
    request: HttpRequest,
    transfer: Transfer,
    *,
    reception: ReceptionForm | None = None,
    refusal: RefusalForm | None = None,
) -> HttpResponse:
    """Where the person is and what comes, by kind: no name before reception."""
    over = rules.is_over(transfer, now=timezone.now())
    context = {
        "transfer": transfer,
        "badge": presenters.badge(transfer),
        "announced": presenters.announced(transfer.items.all()),
        "may_answer": transfer.state == TransferState.SENT and not over,
        "is_refused": transfer.state == TransferState.REFUSED,
        "reception": reception or ReceptionForm(team=selectors.team_of(transfer=transfer)),
        "refusal": refusal or RefusalForm(),
    }
    return render(request, "operators/moving/transfers/transfer_coming.html", context)


@require(rules.can_transfer)
@require_POST
def transfer_send(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """The person agreed: let the other operator know."""
    transfer = _transfer(request, uuid)
    if not _is_former(request, transfer):
        raise Http404
    pass_gate(request, transfer.pathway)
    try:
        services.send_transfer(transfer=transfer, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Envoyé à {transfer.contract.holder.name}.")
    return redirect("operators:transfer_detail", uuid)


@require(rules.can_transfer)
@require_POST
def transfer_withdraw(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """The transfer is given up: the person stays here."""
    transfer = _transfer(request, uuid)
    if not _is_former(request, transfer):
        raise Http404
    pass_gate(request, transfer.pathway)
    try:
        services.withdraw_transfer(
            transfer=transfer, who=WithdrawnBy.ADVISER, by=request.user, now=timezone.now()
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Transfert retiré. La personne en est informée.")
    return redirect("operators:transfer_detail", uuid)


@require(rules.can_transfer)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def transfer_receive(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Who receives this person here?"""
    transfer = _transfer(request, uuid)
    if not _is_receiver(request, transfer):
        raise Http404
    form = ReceptionForm(request.POST or None, team=selectors.team_of(transfer=transfer))
    if request.method == "POST" and form.is_valid():
        try:
            received = services.receive_transfer(
                transfer=transfer, **form.cleaned_data, by=request.user, now=timezone.now()
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Personne reçue : son parcours continue ici.")
            return redirect("operators:pathway_detail", received.received_in.uuid)  # type: ignore[union-attr]  # the page asked for it before
    return _coming_page(request, transfer, reception=form)


@require(rules.can_transfer)
@require_http_methods(["GET", "HEAD", "POST"])
def transfer_refuse(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Why is this person not taken in?"""
    transfer = _transfer(request, uuid)
    if not _is_receiver(request, transfer):
        raise Http404
    form = RefusalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.refuse_transfer(
                transfer=transfer, **form.cleaned_data, by=request.user, now=timezone.now()
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Refus noté. L’autre opérateur le lit dans ses transferts.")
            return redirect("operators:transfer_list")
    return _coming_page(request, transfer, refusal=form)
