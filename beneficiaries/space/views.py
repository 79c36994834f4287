from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services.contact import contact_choices, set_preferences
from beneficiaries.space.forms import PreferencesForm
from beneficiaries.space.hooks import PAGES, PANELS, OpenSpace, page_at
from beneficiaries.space.presenters import own_panel
from beneficiaries.space.rules import has_space
from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.page_parts import ShownPart, shown_parts
from cep_portal.common.phones import phone
from cep_portal.common.sent_once import sent_once

OWN_PAGES = (
    ("Qui a ouvert mon dossier", "beneficiaries:openings", "Qui, quand, et si c’était attendu."),
    ("Mes données", "beneficiaries:my_data", "Corriger, recevoir une copie, geler, effacer."),
    ("Mes préférences", "beneficiaries:preferences", "Courriel, SMS, rappels, discrétion."),
    ("Mes connexions", "sessions", "Les navigateurs où votre compte est ouvert."),
    ("Faire une réclamation", "beneficiaries:complaint_write", "Une réponse écrite est due dans le mois."),
)


@require(has_space)
@require_safe
def my_space(request: SignedRequest) -> HttpResponse:
    """What is my next appointment, what is expected of me, where are my documents?"""
    beneficiary = _person(request)
    is_frozen = beneficiary is not None and beneficiary.is_closed
    panels = _panels(beneficiary, timezone.now()) if beneficiary and not is_frozen else []
    context = {
        "beneficiary": beneficiary,
        "panels": panels,
        "links": _links(is_frozen=is_frozen) if beneficiary else [],
    }
    return render(request, "beneficiaries/space.html", context)


def _panels(beneficiary: Beneficiary, now: datetime) -> list[ShownPart]:
    """The next appointment, then what is expected of the person, then what there is to read."""
    space = OpenSpace(beneficiary, now)
    return shown_parts(PANELS.among(own_panel(space)), space)


def _links(*, is_frozen: bool) -> list[dict]:
    """The pages of the space: those of upper apps, unless the file is frozen, then the person's rights."""
    upper = [
        {"title": page.title, "url": reverse("beneficiaries:space_page", args=[page.slug]), "text": page.text}
        for page in PAGES
        if not is_frozen
    ]
    own = [{"title": title, "url": reverse(name), "text": text} for title, name, text in OWN_PAGES]
    return [*upper, *own]


@require(has_space)
@require_safe
def space_page(request: SignedRequest, slug: str) -> HttpResponse:
    """A page of the space that an upper app gives: my appointments, my documents…"""
    page, beneficiary = page_at(slug), _person(request)
    if page is None or beneficiary is None:
        raise Http404
    if beneficiary.is_closed:
        return render(request, "beneficiaries/space_frozen.html", {"page": page})
    panel = page.data(OpenSpace(beneficiary, timezone.now()))
    return render(request, "beneficiaries/space_page.html", {"page": page, "panel": panel})


@require(has_space)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def preferences(request: SignedRequest) -> HttpResponse:
    """How do I want to be written to?"""
    beneficiary = _person(request)
    if beneficiary is None:
        raise Http404
    choices = contact_choices(beneficiary)
    present = {name: getattr(choices, name) for name in PreferencesForm.base_fields}
    form = PreferencesForm(request.POST or None, initial=present)
    if request.method == "POST" and form.is_valid():
        try:
            set_preferences(beneficiary=beneficiary, now=timezone.now(), by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "C’est enregistré.")
            return redirect("beneficiaries:preferences")
    missing = "Indiquez d’abord un mobile dans « Mes données »."
    number = f"Au {phone(beneficiary.phone)}." if choices.mobile else missing
    return render(request, "beneficiaries/space_preferences.html", {"form": form, "sms_hint": number})


def _person(request: SignedRequest) -> Beneficiary | None:
    return Beneficiary.objects.filter(user=request.user).first()
