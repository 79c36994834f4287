from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from operators.casework.pathways.gates import pass_gate
from operators.casework.plans import rules, selectors, services
from operators.casework.plans.enums import ActionState
from operators.casework.plans.forms import ActionForm
from operators.casework.plans.models import Action

STATES = {"fait": services.tick_action, "a-faire": services.untick_action, "abandon": services.drop_action}


@require(rules.can_write_plans)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def action(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """What is this action, who does it, what happened to it?"""
    wanted = _action(request, uuid)
    present = {name: getattr(wanted, name) for name in ActionForm.base_fields}
    form = ActionForm(request.POST or None, present=present)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_action(
                action=wanted, seen=form.as_seen(), by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "L’action est modifiée.")
            return redirect("operators:plan", _pathway_uuid(wanted))
    context = {
        "action": wanted,
        "pathway": wanted.objective.plan.pathway,
        "form": form,
        "moves": selectors.moves_of(action=wanted),
        "is_to_do": wanted.state == ActionState.TO_DO,
    }
    return render(request, "operators/casework/plans/action.html", context)


def _action(request: SignedRequest, uuid: UUID) -> Action:
    wanted = selectors.action_by_uuid(user=request.user, uuid=uuid)
    if wanted is None:
        raise Http404
    pass_gate(request, wanted.objective.plan.pathway)
    return wanted


def _pathway_uuid(wanted: Action) -> Any:
    return wanted.objective.plan.pathway.uuid


@require(rules.can_write_plans)
@require_POST
def action_state(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Tick with the person, put back, or give up."""
    wanted, service = _action(request, uuid), STATES.get(request.POST.get("etat", ""))
    if service is None:
        raise Http404
    try:
        service(action=wanted, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("operators:plan", _pathway_uuid(wanted))


@require(rules.can_write_plans)
@require_POST
def action_shift(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Put an action one place up or down."""
    wanted, up = _action(request, uuid), request.POST.get("sens") == "haut"
    try:
        services.shift_action(action=wanted, up=up, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("operators:plan", _pathway_uuid(wanted))
