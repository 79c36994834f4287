"""Closings as the holder reads them, and contests a figure."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.accounts.services import record_opening
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from reporting.closings import rules, selectors, services
from reporting.closings.enums import ClosingState
from reporting.closings.forms import DisputeForm
from reporting.closings.selectors.files import closing_detail

SHOWN = 24


@require(rules.can_read_own_closings)
@require_safe
def own_closings(request: SignedRequest) -> HttpResponse:
    """Which of our months may still be contested, and which are frozen?"""
    context = {"closings": selectors.own_closings(user=request.user)[:SHOWN], "today": timezone.localdate()}
    return render(request, "reporting/closings/own_closings.html", context)


@require(rules.can_read_own_closings)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def own_closing(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """What does France compétences count for us, and what do we contest?"""
    closing = get_object_or_404(selectors.closing_file(user=request.user), uuid=uuid)
    form = DisputeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.raise_dispute(closing=closing, **form.cleaned_data, by=request.user, now=timezone.now())
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, "Votre contestation est envoyée. La réponse viendra avant l’arrêté du mois."
            )
            return redirect("reporting:own_closing", uuid=uuid)
    is_open = closing.state == ClosingState.PROVISIONAL and timezone.localdate() <= closing.contest_until
    file = closing_detail(closing)
    record_opening(target=closing, by=request.user, now=timezone.now())
    context = {
        "file": file,
        "disputes": [(line, None) for line in file.lines if line.dispute],
        "closing": closing,
        "contract": closing.contract,
        "form": form if is_open or form.is_bound else None,
    }
    return render(request, "reporting/closings/own_closing.html", context)
