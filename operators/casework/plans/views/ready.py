from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.sent_once import sent_once
from cep_portal.common.undo import offer_undo
from operators.casework.plans import rules, selectors, services
from operators.casework.plans.forms import ReadyActionForm


@require(rules.can_keep_ready_actions)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def ready_list(request: SignedRequest) -> HttpResponse:
    """Which ready-made actions do our advisers find, beside the national list?"""
    form = ReadyActionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.add_ready_action(
            organisation=request.user.organisation,
            by=request.user,
            now=timezone.now(),
            **form.cleaned_data,
        )
        return redirect("operators:ready_action_list")
    own = selectors.own_ready_actions(user=request.user)
    return render(request, "operators/casework/plans/ready_list.html", {"form": form, "own": own})


@require(rules.can_keep_ready_actions)
@require_POST
def ready_withdraw(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Offer one of our own actions no more."""
    own, now = selectors.own_ready_actions(user=request.user), timezone.now()
    ready = services.withdraw_ready_action(ready=get_object_or_404(own, uuid=uuid), by=request.user, now=now)
    typed = {name: getattr(ready, name) for name in ReadyActionForm.base_fields}
    url = reverse("operators:ready_action_list")
    offer_undo(request, f"Action retirée de la liste : {ready.title}.", url, fields=typed, now=now)
    return redirect("operators:ready_action_list")
