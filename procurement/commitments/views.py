from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.days import first_of_month
from cep_portal.common.errors import DomainError
from cep_portal.common.facts import grouped
from cep_portal.common.sent_once import sent_once
from procurement.commitments import rules, selectors, services
from procurement.commitments.forms import CommitmentForm, VersionForm
from procurement.commitments.models import CommitmentVersion
from procurement.commitments.services import CommitmentTerms
from procurement.contracts.hooks import parts_for
from procurement.contracts.models import Contract
from procurement.contracts.presenters import asked_contract, contract_tabs
from procurement.contracts.selectors import contract_file
from procurement.tender.rules import clauses_in_words


@require(rules.can_read_commitments)
@require_safe
def commitment_list(request: SignedRequest, uuid: str) -> HttpResponse:
    """What has the holder of this contract promised, and since when?"""
    contract = _contract(request, uuid)
    versions = selectors.commitment_list(user=request.user).filter(commitment__contract=contract)
    context = {
        "contract": contract,
        "versions": versions,
        "can_write": rules.can_write_commitments(request.user),
        "this_month": first_of_month(timezone.localdate()),
    }
    return render(request, "procurement/commitments/commitment_list.html", context)


@require(rules.can_write_commitments)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def commitment_add(request: SignedRequest, uuid: str) -> HttpResponse:
    """Write a new promise, from a month to come on."""
    contract = _contract(request, uuid)
    form = CommitmentForm(request.POST or None, **_limits(contract))
    if request.method == "POST" and form.is_valid():
        try:
            services.add_commitment(
                contract=contract,
                **grouped(form.cleaned_data, terms=CommitmentTerms),
                by=request.user,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "L’engagement est ajouté.")
            return redirect("procurement:commitment_list", uuid=uuid)
    context = {"contract": contract, "form": form}
    return render(request, "procurement/commitments/commitment_add.html", context)


@require(rules.can_write_commitments)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def commitment_supersede(request: SignedRequest, uuid: str) -> HttpResponse:
    """Replace a promise by a new version, from a month to come on."""
    old = _latest_version(request, uuid)
    contract = old.commitment.contract
    form = VersionForm(
        request.POST or None,
        present={field: getattr(old, field) for field in services.TERMS},
        **_limits(contract),
    )
    if request.method == "POST" and form.is_valid() and _supersede(request, old, form):
        messages.success(request, "La nouvelle version est enregistrée.")
        return redirect("procurement:commitment_list", uuid=contract.uuid)
    context = {"contract": contract, "old": old, "form": form}
    return render(request, "procurement/commitments/commitment_supersede.html", context)


@require(rules.can_read_own_commitments)
@require_safe
def own_commitments(request: SignedRequest) -> HttpResponse:
    """What have we promised, what was measured, and what follows from it?"""
    today = timezone.localdate()
    contracts = list(contract_file(user=request.user).order_by("-ends_on", "lot__number", "pk"))
    if not contracts:
        return render(request, "procurement/commitments/own_commitments_none.html")
    contract = asked_contract(request, contracts, on=today)
    versions = selectors.commitment_list(user=request.user).filter(commitment__contract=contract)
    context = {
        "contract": contract,
        "lots": contract_tabs(request, contracts, contract),
        "versions": versions,
        "panels": parts_for(contract=contract, user=request.user, on=today),
        "clauses": clauses_in_words(contract.lot.market.rule_set.params),
        "this_month": first_of_month(today),
    }
    return render(request, "procurement/commitments/own_commitments.html", context)


def _contract(request: SignedRequest, uuid: str) -> Contract:
    contracts = Contract.objects.visible_to(request.user).select_related("holder", "lot__market__rule_set")
    return get_object_or_404(contracts, uuid=uuid)


def _latest_version(request: SignedRequest, uuid: str) -> CommitmentVersion:
    versions = selectors.commitment_list(user=request.user).select_related(
        "commitment__contract__lot__market__rule_set"
    )
    latest = versions.filter(commitment__uuid=uuid).first()
    if latest is None:
        raise Http404
    return latest


def _supersede(request: SignedRequest, old: CommitmentVersion, form: VersionForm) -> bool:
    values = dict(form.cleaned_data)
    from_month: date = values.pop("first_month")
    try:
        services.supersede_commitment(
            commitment=old.commitment,
            from_month=from_month,
            terms=CommitmentTerms(**values),
            seen=form.as_seen(),
            by=request.user,
            now=timezone.now(),
        )
    except DomainError as refusal:
        form.refuse(refusal)
        return False
    return True


def _limits(contract: Contract) -> dict:
    return {
        "params": contract.lot.market.rule_set.params,
        "on": timezone.localdate(),
        "until": contract.ends_on,
    }
