from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from beneficiaries.request.models import Beneficiary
from beneficiaries.space.registry import panels_for
from beneficiaries.space.rules import has_space
from cep_portal.common.access import require


@require(has_space)
@require_safe
def my_space(request: HttpRequest) -> HttpResponse:
    """What is my next appointment, what is expected of me, where are my documents?"""
    beneficiary = Beneficiary.objects.filter(user=request.user).first()
    panels = panels_for(beneficiary=beneficiary, now=timezone.now()) if beneficiary else []
    context = {"beneficiary": beneficiary, "panels": panels}
    return render(request, "beneficiaries/space.html", context)
