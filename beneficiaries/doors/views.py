from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from beneficiaries.doors.reference import OUTSIDE
from beneficiaries.triage.selectors import operator_of
from cep_portal.common.access import public
from cep_portal.territories.forms import CommuneChoiceForm


@public
@require_safe
def elsewhere(request: HttpRequest) -> HttpResponse:
    """I live or work outside the 18 regions: whom do I ask?"""
    return render(request, "beneficiaries/elsewhere.html", {"places": OUTSIDE})


@public
@require_safe
def operator_phone(request: HttpRequest) -> HttpResponse:
    """Which number do I call? That of the operator of my commune."""
    form = CommuneChoiceForm(request.GET if "commune_text" in request.GET else None)
    commune = form.cleaned_data["commune"] if form.is_valid() else None
    contract = operator_of(commune=commune, now=timezone.now()) if commune else None
    context = {"form": form, "commune": commune, "contract": contract}
    return render(request, "beneficiaries/operator_phone.html", context)
