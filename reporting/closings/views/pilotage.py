"""Closings as France compétences works on them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.accounts.services import record_opening
from cep_portal.common.access import require
from cep_portal.common.days import first_of_month
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from reporting.closings import hooks, rules, selectors, services
from reporting.closings.forms import (
    AnswerForm,
    DecideForm,
    NeutralisationForm,
    ReopeningForm,
    RestatementForm,
)
from reporting.closings.models import Closing, DataDispute, Neutralisation, Reopening
from reporting.closings.selectors.files import closing_detail

REOPEN, NEUTRAL = "reopening", "neutralisation"  # the two forms of the page that are about no row yet
DECIDED = "La décision est prise."


@require(rules.can_read_closings)
@require_safe
def closings(request: SignedRequest) -> HttpResponse:
    """Which months are frozen, and which wait for whom?"""
    context = {
        "table": selectors.closing_table(user=request.user, on=timezone.localdate()),
        "restatements": selectors.waiting_restatements(),
        "due": selectors.waiting_freezes(user=request.user, on=timezone.localdate()).count()
        if rules.can_freeze(request.user)
        else 0,
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
def closings_freeze(request: SignedRequest) -> HttpResponse:
    """Freeze every month whose day has come and that nobody contests."""
    freezes = services.freeze_due(by=request.user, now=timezone.now())
    if freezes.refused:
        messages.error(request, f"{freezes.refused} mois à ouvrir un par un : leur page dit pourquoi.")
    if freezes.done:
        messages.success(request, f"{freezes.done} mois arrêtés. Leurs chiffres ne changeront plus.")
    return redirect("reporting:closings")


@require(rules.can_freeze)
@require_POST
@sent_once
def reopening_ask(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Ask that a frozen month be reopened."""
    closing = _closing(request, uuid)
    form, said = _form(ReopeningForm, REOPEN, request.POST), "La réouverture est demandée."
    return _done(request, closing, form, services.ask_reopening, said, closing=closing)


@require(rules.can_propose_neutral)
@require_POST
@sent_once
def neutralisation_propose(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Propose days to leave out."""
    closing = _closing(request, uuid)
    form = _form(NeutralisationForm, NEUTRAL, request.POST)
    said = "La neutralisation est proposée : un décideur la décide."
    return _done(request, closing, form, services.propose_neutralisation, said, closing=closing)


@require(rules.can_decide)
@require_POST
@sent_once
def reopening_decide(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Say whether a month is reopened."""
    reopening = get_object_or_404(Reopening.objects.visible_to(request.user), uuid=uuid)
    closing, form = _closing(request, reopening.closing.uuid), _form(DecideForm, uuid, request.POST)
    return _done(request, closing, form, services.decide_reopening, DECIDED, reopening=reopening)


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
    form = _form(DecideForm, uuid, request.POST)
    return _done(request, closing, form, services.decide_neutralisation, DECIDED, neutralisation=neutral)


@require(rules.can_answer)
@require_POST
@sent_once
def dispute_answer(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Answer the holder."""
    disputes = DataDispute.objects.visible_to(request.user).select_related(
        "closing__contract", "raised_under"
    )
    dispute = get_object_or_404(disputes, uuid=uuid)
    closing, form = _closing(request, dispute.closing.uuid), _form(AnswerForm, uuid, request.POST)
    return _done(
        request, closing, form, services.answer_dispute, "Le titulaire a sa réponse.", dispute=dispute
    )


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


def _form(kind: type[forms.Form], key: object, posted: QueryDict | None = None) -> forms.Form:
    """A form of the page of a closing: several stand there, each names its fields by what it is about."""
    return kind(posted, auto_id=f"of-{key}-%s")


def _done(
    request: SignedRequest,
    file: Closing,
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
    return _show(request, file, refused=form)


def _show(request: SignedRequest, closing: Closing, refused: forms.Form | None = None) -> HttpResponse:
    user, now = request.user, timezone.now()

    def form(kind: type[forms.Form], key: object, *, may: bool) -> forms.Form | None:
        """The form that was refused in its place, else an empty one; None for who may not act."""
        own = _form(kind, key)
        if refused is not None and refused.auto_id == own.auto_id:
            return refused
        return own if may else None

    file, is_open = closing_detail(closing), not closing.is_frozen
    answers, decides, freezes = rules.can_answer(user), rules.can_decide(user), rules.can_freeze(user)
    asked = file.reopening if file.reopening and not file.reopening.outcome else None
    record_opening(target=closing, by=user, now=now)
    context = {
        "file": file,
        "closing": closing,
        "contract": closing.contract,
        "may_freeze": freezes and services.may_freeze(closing, by=user, now=now),
        "disputes": [
            (line, form(AnswerForm, line.dispute.uuid, may=answers and is_open and not line.dispute.outcome))
            for line in file.lines
            if line.dispute
        ],
        "neutrals": [
            (neutral, form(DecideForm, neutral.uuid, may=decides and not neutral.outcome))
            for neutral in file.neutralisations
        ],
        "neutral_form": form(NeutralisationForm, NEUTRAL, may=rules.can_propose_neutral(user) and is_open),
        "asked": asked,
        "asked_form": form(DecideForm, asked.uuid, may=decides) if asked else None,
        "reopening_form": form(
            ReopeningForm, REOPEN, may=freezes and not (is_open or asked or hasattr(closing, "superseded_by"))
        ),
        "parts": hooks.parts_for(closing=closing, user=user),
    }
    return render(request, "reporting/closings/closing.html", context)
