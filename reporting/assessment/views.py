from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from reporting.assessment import rules, selectors, services
from reporting.kpis.periods import last_closed_month

SHOWN = 24


@require(rules.can_read_assessments)
@require_http_methods(["GET", "HEAD", "POST"])
def assessments(request: HttpRequest) -> HttpResponse:
    """Was the closed month compared with the commitments, and what came out?"""
    may_run = rules.can_run_assessment(request.user)
    if request.method == "POST" and may_run:
        try:
            services.start_assessment(by=request.user, now=timezone.now())
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Le constat est lancé.")
        return redirect("reporting:assessments")
    context = {
        "runs": selectors.assessment_list()[:SHOWN],
        "month": last_closed_month(timezone.localdate()).starts_on,
        "may_run": may_run,
    }
    return render(request, "reporting/assessment/assessments.html", context)
