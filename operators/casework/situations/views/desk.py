from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beneficiaries.request.presenters import they_read
from cep_portal.accounts.models import SignedRequest
from cep_portal.accounts.services import record_opening
from cep_portal.common.access import require
from cep_portal.common.days import local_day
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from operators.casework.pathways.enums import PathwayState
from operators.casework.pathways.gates import pass_gate
from operators.casework.pathways.models import Pathway
from operators.casework.situations import presenters, rules, selectors, services
from operators.casework.situations.enums import RectificationAnswer
from operators.casework.situations.errors import SituationRefused
from operators.casework.situations.forms import AnswerForm, SituationForm
from operators.casework.situations.models import PathwaySituation
from operators.casework.situations.selectors.facts import facts_of, shown


@require(rules.can_keep_situations)
@require_safe
def situation_list(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Where does this person stand, since when, and what was written before?"""
    pathway = _pathway(request, uuid)
    _open(request, pathway)
    situations = list(selectors.history(pathway=pathway))
    waiting = selectors.open_rectification(pathway=pathway)
    context = {
        "pathway": pathway,
        "zone": pathway.adviser.site.zone,
        "is_open": pathway.state == PathwayState.OPEN,
        "rows": presenters.history_rows(situations),
        "former": presenters.former_rows(situations),
        "waiting": waiting,
        "waiting_parts": presenters.part_labels(waiting.parts) if waiting else "",
        "answer_by": selectors.answer_by(waiting) if waiting else None,
    }
    return render(request, "operators/casework/situations/situation_list.html", context)


def _pathway(request: SignedRequest, uuid: UUID) -> Pathway:
    pathway = selectors.pathway_of(user=request.user, uuid=uuid)
    if pathway is None:
        raise Http404
    return pathway


def _open(request: SignedRequest, pathway: Pathway) -> None:
    """Past the gate of the file, its opening is written in the journal; a form sent was opened before."""
    given = pass_gate(request, pathway)
    if request.method != "POST":
        record_opening(target=pathway, by=request.user, now=timezone.now(), data=given)


@require(rules.can_keep_situations)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def situation_change(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """What is true from a day on? Pre-filled with what is known: change only what changed."""
    pathway = _pathway(request, uuid)
    _open(request, pathway)
    if pathway.state != PathwayState.OPEN:
        messages.info(request, "Ce parcours est clos : sa situation se corrige, elle ne change plus.")
        return redirect("operators:situation_list", uuid)
    is_first = not selectors.has_situation(pathway=pathway)
    starts_on = pathway.entered_on if is_first else local_day(timezone.now(), pathway.adviser.site.zone)
    form = SituationForm(
        request.POST or None,
        initial={"starts_on": starts_on},
        present=shown(selectors.proposed_facts(pathway=pathway)),
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_situation(
                pathway=pathway,
                starts_on=form.cleaned_data["starts_on"],
                facts=form.facts(),
                seen=form.as_seen(),
                by=request.user,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal, field=_field(refusal))
        else:
            messages.success(request, "La situation est notée.")
            return redirect("operators:situation_list", uuid)
    context = {"pathway": pathway, "form": form, "is_first": is_first}
    return render(request, "operators/casework/situations/situation_change.html", context)


def _field(refusal: DomainError) -> str | None:
    return refusal.field if isinstance(refusal, SituationRefused) else None


@require(rules.can_keep_situations)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def situation_correct(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """What was written wrong? It is written again; the wrong one stays readable."""
    situation = selectors.situation_to_correct(user=request.user, uuid=uuid)
    if situation is None:
        raise Http404
    _open(request, situation.pathway)
    present = shown(facts_of(situation), situation.starts_on)
    form = SituationForm(request.POST or None, present=present)
    if request.method == "POST" and form.is_valid():
        try:
            services.correct_situation(
                situation=situation,
                starts_on=form.cleaned_data["starts_on"],
                facts=form.facts(),
                seen=form.as_seen(),
                by=request.user,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal, field=_field(refusal))
        else:
            messages.success(request, "La situation est corrigée. Ce qui était noté reste lisible.")
            return redirect("operators:situation_list", situation.pathway.uuid)
    context = {
        "pathway": situation.pathway,
        "situation": situation,
        "period": presenters.period(situation),
        "form": form,
    }
    return render(request, "operators/casework/situations/situation_correct.html", context)


def _situation(request: SignedRequest, uuid: UUID) -> PathwaySituation:
    situation = selectors.situation_by_uuid(user=request.user, uuid=uuid)
    if situation is None:
        raise Http404
    return situation


@require(rules.can_keep_situations)
@require_POST
@sent_once
def situation_withdraw(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """It was written by mistake: on the wrong file, or it never happened."""
    situation = _situation(request, uuid)
    _open(request, situation.pathway)
    try:
        services.withdraw_situation(situation=situation, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "La situation est retirée. Elle reste lisible parmi les corrections.")
    return redirect("operators:situation_list", situation.pathway.uuid)


@require(rules.can_keep_situations)
@require_POST
def rectification_answer(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """The person asked to correct: it is done, or it is right as it is."""
    asked, form = selectors.rectification_by_uuid(user=request.user, uuid=uuid), AnswerForm(request.POST)
    if asked is None:
        raise Http404
    pass_gate(request, asked.pathway)
    if not form.is_valid():
        raise Http404
    now = timezone.now()
    try:
        services.answer_rectification(
            rectification=asked,
            answer=RectificationAnswer(form.cleaned_data["answer"]),
            by=request.user,
            now=now,
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Réponse notée. {they_read(asked.pathway.beneficiary, at=now)}")
    return redirect("operators:situation_list", asked.pathway.uuid)
