import uuid as uuids

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.days import local_day
from operators.booking.demand.selectors import call_backs
from operators.casework.desk.presenters import calls_due
from operators.casework.pathways import presenters
from operators.reception.calls import rules, selectors
from operators.reception.calls.forms import CallerSearchForm, CallForm

PER_PAGE = 30


@require(rules.can_answer_requests)
@require_safe
def request_list(request: SignedRequest) -> HttpResponse:
    """Who waits for an answer, and since when? And a slot for whoever is on the line."""
    service_requests = selectors.unanswered_requests(user=request.user)
    page = Paginator(service_requests, PER_PAGE).get_page(request.GET.get("page"))
    present = timezone.localdate()
    calls = calls_due(call_backs(user=request.user), now=timezone.now())
    rows = [
        {
            "request": service_request,
            "age": presenters.days_ago(local_day(service_request.requested_at), present),
            "needs": presenters.access_needs(service_request.access_needs),
        }
        for service_request in page
    ]
    context = {
        "page": page,
        "rows": rows,
        "calls": calls,
        "today": present,
        "call_form": CallForm(initial={"key": uuids.uuid4()}),
        "search_form": CallerSearchForm(),
    }
    return render(request, "operators/reception/calls/request_list.html", context)
