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
from operators.casework.notes import rules, selectors, services

PAGE = ("beneficiaries:space_page", "notes")


@require(rules.can_read_own_notes)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def note_ask(request: SignedRequest) -> HttpResponse:
    """May I read what was written about me? Ask for it."""
    person = get_object_or_404(Beneficiary, user=request.user)
    pathway = selectors.present_pathway(beneficiary=person)
    if pathway is None:
        return redirect(*PAGE)
    if request.method == "POST":
        try:
            services.ask_notes(pathway=pathway, by=request.user, now=timezone.now())
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Votre demande est transmise à votre conseiller.")
        return redirect(*PAGE)
    return render(request, "operators/casework/notes/note_ask.html", {"pathway": pathway})
