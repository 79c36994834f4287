"""Closings as France compétences works on them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.days import first_of_month
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from reporting.closings import rules, selectors, services
from reporting.closings.enums import ClosingState
from reporting.closings.forms import (
    AnswerForm,
    DecideForm,
    NeutralisationForm,
    ReopeningForm,
    RestatementForm,
)
from reporting.closings.models import Closing, DataDispute, Neutralisation, Reopening
from reporting.closings.selectors.files import closing_detail


@require(rules.can_read_closings)
@require_safe
def closings(request: SignedRequest) -> HttpResponse:
    """Which months are frozen, and which wait for whom?"""
    context = {
        "table": selectors.closing_table(user=request.user, on=timezone.localdate()),
        "restatements": selectors.waiting_restatements(),
    }
    return render(request, "reporting/closings/closings.html", context)


@require(rules.can_read_closings)
@require_safe
def closing(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """What does this month count, what is said against it, and what is to be done?"""
    return _show(request, _closing(request, uuid))


@require(rules.can_freeze)
@require_POST
@sent_once
def closing_freeze(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Freeze the month."""
    closing = _closing(request, uuid)
    try:
        services.freeze_month(closing=closing, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Le mois est arrêté. Ses chiffres ne changeront plus.")
    return redirect("reporting:closing", uuid=uuid)


@require(rules.can_freeze)
@require_POST
@sent_once
def reopening_ask(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Ask that a frozen month be reopened."""
    closing, form = _closing(request, uuid), ReopeningForm(request.POST)
    act = services.ask_reopening
    return _done(
        request, closing, "reopening_form", form, act, "La réouverture est demandée.", closing=closing
    )


@require(rules.can_propose_neutral)
@require_POST
@sent_once
def neutralisation_propose(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Propose days to leave out."""
    closing, form = _closing(request, uuid), NeutralisationForm(request.POST)
    said = "La neutralisation est proposée : un décideur la décide."
    act = services.propose_neutralisation
    return _done(request, closing, "neutral_form", form, act, said, contract=closing.contract)


@require(rules.can_decide)
@require_POST
@sent_once
def reopening_decide(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Say whether a month is reopened."""
    reopening = get_object_or_404(Reopening.objects.visible_to(request.user), uuid=uuid)
    closing, form = _closing(request, reopening.closing.uuid), DecideForm(request.POST)
    act = services.decide_reopening
    return _done(
        request, closing, "reopening_decision", form, act, "La décision est prise.", reopening=reopening
    )


@require(rules.can_decide)
@require_POST
@sent_once
def neutralisation_decide(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Say whether days are left out."""
    neutral = get_object_or_404(Neutralisation.objects.visible_to(request.user), uuid=uuid)
    closing = get_object_or_404(
        selectors.closing_file(user=request.user).filter(superseded_by__isnull=True),
        contract=neutral.contract_id,
        month=first_of_month(neutral.first_day),
    )
    act, form = services.decide_neutralisation, DecideForm(request.POST)
    said = "La décision est prise."
    return _done(request, closing, "neutral_decision", form, act, said, neutralisation=neutral)


@require(rules.can_answer)
@require_POST
@sent_once
def dispute_answer(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Answer the holder."""
    disputes = DataDispute.objects.visible_to(request.user).select_related(
        "closing__contract", "raised_under"
    )
    dispute = get_object_or_404(disputes, uuid=uuid)
    closing, form = _closing(request, dispute.closing.uuid), AnswerForm(request.POST)
    act = services.answer_dispute
    return _done(request, closing, "answer_form", form, act, "Le titulaire a sa réponse.", dispute=dispute)


@require(rules.can_decide)
@require_POST
@sent_once
def restatement_decide(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Say what becomes of a figure that moved."""
    restatement = get_object_or_404(selectors.waiting_restatements(), uuid=uuid)
    form = RestatementForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choisissez une décision et donnez ses motifs.")
        return redirect("reporting:figure", uuid=restatement.frozen.uuid)
    try:
        services.decide_restatement(
            restatement=restatement, **form.cleaned_data, by=request.user, now=timezone.now()
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "La décision est prise.")
    return redirect("reporting:figure", uuid=restatement.frozen.uuid)


def _closing(request: SignedRequest, uuid: UUID) -> Closing:
    return get_object_or_404(selectors.closing_file(user=request.user), uuid=uuid)


def _done(
    request: SignedRequest,
    file: Closing,
    name: str,
    form: forms.Form,
    act: Callable[..., Any],
    said: str,
    **objects: Any,
) -> HttpResponse:
    """Do an act of the page of a closing; what is refused comes back in its form, with what was typed."""
    if form.is_valid():
        try:
            act(**objects, **form.cleaned_data, by=request.user, now=timezone.now())
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, said)
            return redirect("reporting:closing", uuid=file.uuid)
    shown = next(iter(objects.values()))
    return _show(request, file, **{name: form, f"{name}_of": getattr(shown, "uuid", None)})


def _show(request: SignedRequest, closing: Closing, **bound: Any) -> HttpResponse:
    user, today = request.user, timezone.localdate()
    file = closing_detail(closing)
    is_last = not hasattr(closing, "superseded_by")
    waiting = [neutral for neutral in file.neutralisations if not neutral.outcome]
    asked = file.reopening if file.reopening and not file.reopening.outcome else None
    context = {
        "file": file,
        "closing": closing,
        "contract": closing.contract,
        "may_freeze": rules.can_freeze(user)
        and closing.state == ClosingState.CONTESTED
        and closing.freeze_from <= today
        and not file.unanswered,
        "answer_form": AnswerForm() if rules.can_answer(user) and not closing.is_frozen else None,
        "neutral_form": NeutralisationForm()
        if rules.can_propose_neutral(user) and not closing.is_frozen
        else None,
        "neutral_decision": DecideForm() if rules.can_decide(user) and waiting else None,
        "reopening_form": ReopeningForm()
        if rules.can_freeze(user) and closing.is_frozen and is_last and not asked
        else None,
        "reopening_decision": DecideForm() if rules.can_decide(user) and asked else None,
        **bound,
    }
    return render(request, "reporting/closings/closing.html", context)
