from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cep_portal.accounts.models import SignedRequest
from cep_portal.accounts.services import record_opening
from cep_portal.common.access import require
from cep_portal.common.days import local_day
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from cep_portal.common.undo import offer_undo
from operators.casework.pathways.enums import PathwayState, Theme
from operators.casework.pathways.gates import pass_gate
from operators.casework.pathways.models import Pathway
from operators.casework.plans import presenters, rules, selectors, services
from operators.casework.plans.forms import ActionForm, ObjectiveForm, ReadyForm, ready_hints
from operators.casework.plans.models import Objective


@require(rules.can_write_plans)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def plan(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """What did we agree to do, who does it, what moved?"""
    pathway, now = _pathway(request, uuid), timezone.now()
    given = pass_gate(request, pathway)
    form = ObjectiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            objective = services.write_objective(
                pathway=pathway, title=form.cleaned_data["title"], by=request.user, now=now
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("operators:plan_objective", objective.uuid)
    record_opening(target=pathway, by=request.user, now=now, data=given)
    action_plan = selectors.plan_of(pathway=pathway)
    moved = selectors.moved_since_last_session(pathways=[pathway.pk]).get(pathway.pk)
    context = {
        "pathway": pathway,
        "is_open": pathway.state == PathwayState.OPEN,
        "rows": presenters.objective_rows(action_plan, today=local_day(now, pathway.adviser.site.zone)),
        "targets": action_plan.targets.all() if action_plan else [],
        "moved": presenters.moved_words(moved),
        "moves": selectors.person_moves(pathway=pathway)[:8],
        "form": form,
    }
    return render(request, "operators/casework/plans/plan.html", context)


def _pathway(request: SignedRequest, uuid: UUID) -> Pathway:
    pathway = selectors.pathway_of_plan(user=request.user, uuid=uuid)
    if pathway is None:
        raise Http404
    return pathway


@require(rules.can_write_plans)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def objective(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Which actions reach this objective? Ready ones to tick, or one in our own words."""
    wanted = _objective(request, uuid)
    theme = _theme(request, wanted)
    offered = selectors.ready_actions(user=request.user, theme=theme)
    asked = request.POST.get("formulaire", "") if request.method == "POST" else ""
    ready = ReadyForm(request.POST if asked == "pretes" else None, offered=offered)
    own = ActionForm(request.POST if asked == "autre" else None, prefix="autre")
    title = ObjectiveForm(
        request.POST if asked == "titre" else None, prefix="titre", present={"title": wanted.title}
    )
    form = {"pretes": ready, "autre": own, "titre": title}.get(asked)
    if form is not None and form.is_valid():
        try:
            _write(request, wanted, form)
        except DomainError as refusal:
            title.refuse(refusal) if form is title else form.add_error(None, str(refusal))
        else:
            messages.success(
                request, "C’est dans le plan." if asked != "titre" else "L’objectif est renommé."
            )
            return redirect("operators:plan", wanted.plan.pathway.uuid)
    context = {
        "objective": wanted,
        "pathway": wanted.plan.pathway,
        "ready": ready,
        "hints": ready_hints(offered),
        "own": own,
        "title": title,
        "failed": form,
        "themes": _themes(theme),
    }
    return render(request, "operators/casework/plans/objective.html", context)


def _write(request: SignedRequest, wanted: Objective, form: Any) -> None:
    now = timezone.now()
    if isinstance(form, ReadyForm):
        today = local_day(now, wanted.plan.pathway.adviser.site.zone)
        services.add_ready_actions(
            objective=wanted, ready=form.cleaned_data["ready"], today=today, by=request.user, now=now
        )
    elif isinstance(form, ActionForm):
        services.write_action(objective=wanted, by=request.user, now=now, **form.cleaned_data)
    else:
        services.rename_objective(
            objective=wanted, seen=form.as_seen(), by=request.user, now=now, **form.cleaned_data
        )


def _objective(request: SignedRequest, uuid: UUID) -> Objective:
    wanted = selectors.objective_by_uuid(user=request.user, uuid=uuid)
    if wanted is None:
        raise Http404
    pass_gate(request, wanted.plan.pathway)
    return wanted


def _theme(request: HttpRequest, wanted: Objective) -> str:
    """The theme asked for, else one of the last session, else the first."""
    asked = request.GET.get("theme", "")
    if asked in Theme.values:
        return asked
    return next(iter(selectors.themes_of(pathway=wanted.plan.pathway)), Theme.values[0])


def _themes(present: str) -> list[dict]:
    items = [
        {"label": theme.label, "url": f"?theme={theme.value}", "current": theme.value == present}
        for theme in Theme
    ]
    return [{"label": "Thème", "items": items}]


@require(rules.can_write_plans)
@require_POST
@sent_once
def objective_shift(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Put an objective one place up or down."""
    wanted = _objective(request, uuid)
    up = request.POST.get("sens") == "haut"
    try:
        services.shift_objective(objective=wanted, up=up, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("operators:plan", wanted.plan.pathway.uuid)


@require(rules.can_write_plans)
@require_POST
@sent_once
def objective_remove(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Take out an objective written by mistake."""
    wanted, now = _objective(request, uuid), timezone.now()
    pathway_uuid, title = wanted.plan.pathway.uuid, wanted.title
    try:
        services.remove_objective(objective=wanted, by=request.user, now=now)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        url = reverse("operators:plan", args=[pathway_uuid])
        offer_undo(request, f"Objectif retiré : {title}.", url, fields={"title": title}, now=now)
    return redirect("operators:plan", pathway_uuid)
