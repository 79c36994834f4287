from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from reporting.assessment import rules, selectors
from reporting.closings.rules import can_read_closings

SHOWN = 48


@require(rules.can_read_assessments)
@require_safe
def assessments(request: SignedRequest) -> HttpResponse:
    """What did each frozen month say of the commitments?"""
    context = {
        "closings": selectors.assessment_list()[:SHOWN],
        "may_open": can_read_closings(request.user),
    }
    return render(request, "reporting/assessment/assessments.html", context)
