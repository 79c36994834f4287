from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from procurement.followup import rules, selectors, services
from procurement.followup.enums import PenaltyState
from procurement.followup.exports import penalties_csv
from procurement.followup.forms import OUTCOMES, DecisionForm, DropForm
from procurement.followup.hooks import figure_shown
from procurement.followup.models import Penalty
from procurement.followup.views.shared import (
    file_context,
    letter_response,
    list_context,
    penalty_or_404,
    state_filter,
    wanted,
)

# Else the delay would run, and silence be held against people who could read nothing.
NOBODY_TO_HEAR = (
    "Aucun responsable du titulaire n’a de compte : personne ne lirait le courrier."
    " Faites d’abord confier ce mandat."
)


@require(rules.can_read_penalties)
@require_safe
def penalty_list(request: SignedRequest) -> HttpResponse:
    """Which penalties are in progress, and at which step?"""
    filters = wanted(request.GET)
    counts = selectors.state_counts(user=request.user, contract=filters["contract"])
    context = {
        **list_context(request, selectors.penalty_list(user=request.user, **filters)),
        "filters": state_filter(request.GET, counts),
        "contract_chosen": bool(filters["contract"]),
        "query": request.GET.urlencode(),
    }
    return render(request, "procurement/followup/penalty_list.html", context)


@require(rules.can_read_penalties)
@require_safe
def penalty_export(request: SignedRequest) -> HttpResponse:
    """The same list, with the same filters, as a table to download."""
    penalties = selectors.penalty_list(user=request.user, **wanted(request.GET))
    return HttpResponse(
        penalties_csv(penalties),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="penalites.csv"'},
    )


@require(rules.can_read_penalties)
@require_safe
def penalty_detail(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """What happened, how was the amount made, what is to be done?"""
    return _show(request, penalty_or_404(request, uuid), None, DropForm())


@require(rules.can_instruct)
@require_POST
@sent_once
def penalty_notify(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Invite the holder to observe."""
    penalty = penalty_or_404(request, uuid)
    if not selectors.managers_of(contract=penalty.version.commitment.contract, now=timezone.now()):
        messages.error(request, NOBODY_TO_HEAR)
        return redirect("procurement:penalty_detail", uuid=uuid)
    try:
        services.notify_penalty(penalty=penalty, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "La pénalité est notifiée et le titulaire est averti.")
    return redirect("procurement:penalty_detail", uuid=uuid)


@require(rules.can_instruct)
@require_POST
def penalty_drop(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Give up a proposal before notification."""
    penalty = penalty_or_404(request, uuid)
    form = DropForm(request.POST)
    if form.is_valid():
        try:
            services.drop_penalty(penalty=penalty, **form.cleaned_data, by=request.user, now=timezone.now())
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "La proposition est abandonnée.")
            return redirect("procurement:penalty_detail", uuid=uuid)
    return _show(request, penalty, None, form)


@require(rules.can_decide)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def penalty_decide(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Decide: the form, then what it will do to whom, then the act."""
    penalty = penalty_or_404(request, uuid)
    form = _decision_form(penalty, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _show(request, penalty, form, DropForm())
    try:
        if "confirmed" in request.POST:
            now = timezone.now()
            services.decide_penalty(penalty=penalty, **form.cleaned_data, by=request.user, now=now)
            is_told = selectors.managers_of(contract=penalty.version.commitment.contract, now=now)
            told = "le titulaire est averti" if is_told else "personne chez le titulaire ne peut être averti"
            messages.success(request, f"La décision est prise et {told}.")
            return redirect("procurement:penalty_detail", uuid=uuid)
        amount = services.decided_amount(
            penalty=penalty,
            outcome=form.cleaned_data["outcome"],
            amount_excl_tax=form.cleaned_data["amount_excl_tax"],
        )
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _show(request, penalty, form, DropForm())
    preview = selectors.decision_preview(
        penalty=penalty,
        outcome=OUTCOMES[form.cleaned_data["outcome"]],
        amount_excl_tax=amount,
        now=timezone.now(),
    )
    context = {"penalty": penalty, "form": form, "preview": preview}
    return render(request, "procurement/followup/penalty_decide.html", context)


@require(rules.can_decide)
@require_safe
def to_decide(request: SignedRequest) -> HttpResponse:
    """What awaits my decision?"""
    context = list_context(request, selectors.penalties_to_decide(user=request.user))
    return render(request, "procurement/followup/to_decide.html", context)


@require(rules.can_read_penalties)
@require_safe
def penalty_letter(request: SignedRequest, uuid: UUID, letter: str) -> HttpResponse:
    """A letter of the procedure, as it was issued."""
    return letter_response(penalty_or_404(request, uuid), letter)


def _decision_form(penalty: Penalty, posted: QueryDict | None = None) -> DecisionForm:
    shown = figure_shown(penalty)
    return DecisionForm(posted, is_corrected=bool(shown and shown.is_corrected))


def _show(
    request: SignedRequest, penalty: Penalty, decision: DecisionForm | None, drop: DropForm
) -> HttpResponse:
    user, state = request.user, penalty.state
    proposed = state == PenaltyState.PROPOSED
    context = {
        **file_context(penalty=penalty, figure_url="reporting:figure" if rules.can_open_figure(user) else ""),
        "decision_form": decision or _decision_form(penalty)
        if rules.can_decide(user) and state in PenaltyState.to_decide
        else None,
        "drop_form": drop if rules.can_instruct(user) and proposed else None,
        "managers": selectors.managers_of(contract=penalty.version.commitment.contract, now=timezone.now())
        if proposed
        else [],
        "due_on": services.hearing_due_on(penalty=penalty, received_on=timezone.localdate())
        if proposed
        else None,
    }
    return render(request, "procurement/followup/penalty_detail.html", context)
