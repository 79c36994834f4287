from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from procurement.followup import rules, selectors, services
from procurement.followup.enums import PenaltyState
from procurement.followup.forms import ObservationsForm
from procurement.followup.models import Penalty
from procurement.followup.views.shared import (
    file_context,
    letter_response,
    list_context,
    penalty_or_404,
)


@require(rules.can_observe)
@require_safe
def own_penalty_list(request: SignedRequest) -> HttpResponse:
    """Which penalties concern us, and until when may we answer?"""
    context = list_context(request, selectors.penalty_list(user=request.user))
    return render(request, "procurement/followup/own_penalty_list.html", context)


@require(rules.can_observe)
@require_http_methods(["GET", "HEAD", "POST"])
def own_penalty(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """What are we told, and what do we answer?"""
    penalty = penalty_or_404(request, uuid)
    form = ObservationsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.observe_penalty(
                penalty=penalty, **form.cleaned_data, by=request.user, now=timezone.now()
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Vos observations sont envoyées.")
            return redirect("procurement:own_penalty", uuid=uuid)
    open_until = _may_still_observe(penalty)
    context = {
        **file_context(penalty=penalty, figure_url="reporting:own_figure"),
        "form": form if open_until or form.is_bound else None,
    }
    return render(request, "procurement/followup/own_penalty.html", context)


@require(rules.can_observe)
@require_safe
def own_penalty_letter(request: SignedRequest, uuid: UUID, letter: str) -> HttpResponse:
    """A letter that we received, as it was issued."""
    return letter_response(penalty_or_404(request, uuid), letter)


def _may_still_observe(penalty: Penalty) -> bool:
    return penalty.state == PenaltyState.NOTIFIED and timezone.localdate() <= penalty.observations_due_on  # type: ignore[operator]  # the page asked for it before
