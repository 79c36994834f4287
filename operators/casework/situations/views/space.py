from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from operators.casework.situations import rules, selectors, services
from operators.casework.situations.forms import RectificationForm

PAGE = ("beneficiaries:space_page", "situation")


@require(rules.can_read_own_situation)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def rectification_ask(request: SignedRequest) -> HttpResponse:
    """What is written of me is wrong: have it corrected."""
    person = get_object_or_404(Beneficiary, user=request.user)
    pathway = selectors.present_pathway(beneficiary=person)
    if pathway is None:
        return redirect(*PAGE)
    form = RectificationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_rectification(
                pathway=pathway, parts=form.cleaned_data["parts"], by=request.user, now=timezone.now()
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Votre demande est transmise à votre conseiller.")
            return redirect(*PAGE)
    return render(
        request, "operators/casework/situations/rectification_ask.html", {"pathway": pathway, "form": form}
    )
