from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from reporting.assessment import rules, selectors, services
from reporting.kpis.rules.periods import last_closed_month

SHOWN = 24


@require(rules.can_read_assessments)
@require_safe
def assessments(request: SignedRequest) -> HttpResponse:
    """Was the closed month compared with the commitments, and what came out?"""
    context = {
        "runs": selectors.assessment_list()[:SHOWN],
        "month": last_closed_month(timezone.localdate()).starts_on,
        "may_run": rules.can_run_assessment(request.user),
    }
    return render(request, "reporting/assessment/assessments.html", context)


@require(rules.can_run_assessment)
@require_POST
@sent_once
def assessment_start(request: SignedRequest) -> HttpResponse:
    """Compare the closed month with the commitments, now."""
    try:
        services.start_assessment(by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Le constat est lancé.")
    return redirect("reporting:assessments")
