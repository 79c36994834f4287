from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services.contact import contact_choices, set_preferences
from beneficiaries.space.forms import PreferencesForm
from beneficiaries.space.hooks import PAGES, PANELS, ROOMS, Group, OpenSpace, Page, page_at
from beneficiaries.space.presenters import own_panel
from beneficiaries.space.rules import has_space
from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.page_parts import ShownPart, shown_parts
from cep_portal.common.phones import phone
from cep_portal.common.sent_once import sent_once

OWN_PAGES = (
    ("Qui a ouvert mon dossier", "beneficiaries:openings", Group.DATA),
    ("Mes données", "beneficiaries:my_data", Group.DATA),
    ("Mes préférences", "beneficiaries:preferences", Group.DATA),
    ("Mes connexions", "sessions", Group.DATA),
    ("Faire une réclamation", "beneficiaries:complaint_write", Group.OTHERWISE),
)


@require(has_space)
@require_safe
def my_space(request: SignedRequest) -> HttpResponse:
    """What is my next appointment, what is expected of me, where are my documents?"""
    beneficiary = _person(request)
    is_frozen = beneficiary is not None and beneficiary.is_closed
    space = OpenSpace(beneficiary, timezone.now()) if beneficiary else None
    context = {
        "beneficiary": beneficiary,
        "panels": _panels(space) if space and not is_frozen else [],
        "groups": _groups(space, is_frozen=is_frozen) if space else [],
    }
    return render(request, "beneficiaries/space.html", context)


def _panels(space: OpenSpace) -> list[ShownPart]:
    """The next appointment, what is expected of the person, their adviser, then their requests."""
    return shown_parts(PANELS.among(own_panel(space)), space)


def _groups(space: OpenSpace, *, is_frozen: bool) -> list[dict]:
    """The pages of the space by group: those of upper apps, unless the file is frozen; then the rights."""
    links = [(title, reverse(name), group) for title, name, group in OWN_PAGES]
    if not is_frozen:
        rooms = [(room.title, room.url(space), room.group) for room in ROOMS]
        links = [*((page.title, _page_url(page), page.group) for page in PAGES), *rooms, *links]
    shown = [(title, url, group) for title, url, group in links if url]
    return [
        {"title": group.value, "links": [(title, url) for title, url, place in shown if place is group]}
        for group in Group
        if any(place is group for _, _, place in shown)
    ]


def _page_url(page: Page) -> str:
    return reverse("beneficiaries:space_page", args=[page.slug])


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
