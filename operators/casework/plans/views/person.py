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
from operators.casework.plans import presenters, rules, selectors, services
from operators.casework.plans.forms import CommentForm
from operators.casework.plans.models import Action

STATES = {"fait": services.tick_action, "a-faire": services.untick_action}


@require(rules.can_follow_own_plan)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def own_action(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """What have I to do here, what was said of it? I leave a word."""
    action, form = _own(request, uuid), CommentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.comment_action(
                action=action, comment=form.cleaned_data["comment"], by=request.user, now=timezone.now()
            )
        except DomainError as refusal:
            form.add_error("comment", str(refusal))
        else:
            messages.success(request, "Votre conseiller lira ce mot.")
            return redirect("operators:own_action", uuid)
    context = {
        "row": presenters.action_row(action, today=timezone.localdate()),
        "action": action,
        "moves": selectors.moves_of(action=action),
        "form": form,
    }
    return render(request, "operators/casework/plans/own_action.html", context)


def _own(request: SignedRequest, uuid: UUID) -> Action:
    action = selectors.action_by_uuid(user=request.user, uuid=uuid)
    if action is None:
        raise Http404
    return action


@require(rules.can_follow_own_plan)
@require_POST
def own_action_state(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """It is done; or it is not, after all."""
    action, service = _own(request, uuid), STATES.get(request.POST.get("etat", ""))
    if service is None:
        raise Http404
    try:
        service(action=action, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("beneficiaries:space_page", "plan")
