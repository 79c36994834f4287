from contextlib import suppress

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from cep_portal.accounts import rules, selectors, services
from cep_portal.accounts.errors import MandateAlreadyEnded
from cep_portal.accounts.forms import EndSessionForm, MandateForm, SwitchForm
from cep_portal.accounts.hooks import region_names
from cep_portal.accounts.middleware import SESSION_KEY
from cep_portal.accounts.models import SignedRequest
from cep_portal.accounts.services import MandateScope
from cep_portal.common.access import public, require, signed_in
from cep_portal.common.errors import DomainError
from cep_portal.common.facts import grouped
from cep_portal.common.navigation import entries_for
from cep_portal.common.sent_once import sent_once
from cep_portal.common.to_do import Reading
from cep_portal.common.to_do import to_do as read_to_do


@signed_in
@require_safe
def desk(request: SignedRequest) -> HttpResponse:
    """Send each role to its first screen; without a mandate, say what to do."""
    entries = entries_for(request.user.role)
    if entries:
        return redirect(entries[0].url_name)
    return render(request, "accounts/no_mandate.html", status=403)


@require(rules.has_to_do)
@require_safe
def to_do(request: SignedRequest) -> HttpResponse:
    """What must I do, and by when? The first screen of every desk; an adviser's is the day."""
    reading = Reading(request.user, request.user.acting.role, timezone.now())
    context = {"to_do": read_to_do(reading), "today": reading.today}
    return render(request, "accounts/to_do.html", context)


@public
@require_safe
def sign_in_moved(_request: HttpRequest) -> HttpResponse:
    """The former page of codes, in messages and bookmarks: the space has its own door."""
    return redirect("beneficiaries:sign_in")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def switch(request: SignedRequest) -> HttpResponse:
    """Act under another of one's own mandates; the choice lasts for the session."""
    if request.method == "POST":
        form = SwitchForm(request.POST)
        own = {str(mandate.uuid): mandate for mandate in request.mandates}
        chosen = own.get(str(form.cleaned_data["mandate"])) if form.is_valid() else None
        if chosen is not None:
            request.session[SESSION_KEY] = chosen.pk
            return redirect("desk")
    return render(request, "accounts/switch.html", {"mandates": request.mandates})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: SignedRequest) -> HttpResponse:
    """Where am I signed in? End one browser, or all the others."""
    now, own = timezone.now(), request.session.session_key
    if request.method == "POST":
        form = EndSessionForm(request.POST)
        if form.is_valid():
            only = form.cleaned_data["session"]
            count = services.end_sessions(user=request.user, but=own, only=only, now=now)  # type: ignore[arg-type]  # the page asked for it before
            messages.success(request, _ended(count))
        return redirect("sessions")
    live = list(selectors.live_sessions(user=request.user, now=now))
    others = [browser_session for browser_session in live if browser_session.key != own]
    context = {
        "here": next((browser_session for browser_session in live if browser_session.key == own), None),
        "others": others,
    }
    return render(request, "accounts/sessions.html", context)


def _ended(count: int) -> str:
    if count > 1:
        return f"{count} connexions sont fermées."
    return "La connexion est fermée." if count else "Aucune autre connexion n’était ouverte."


@require(rules.can_manage_mandates)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def mandate_list(request: SignedRequest) -> HttpResponse:
    """Who may do what, and since when? Grant a mandate, find one to end."""
    form = MandateForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _grant(request, form):
        return redirect("accounts:mandate_list")
    search = request.GET.get("recherche", "")
    page = Paginator(selectors.mandate_list(search=search), 50).get_page(request.GET.get("page"))
    return render(
        request,
        "accounts/mandate_list.html",
        {"page": page, "form": form, "search": search},
    )


def _grant(request: SignedRequest, form: MandateForm) -> bool:
    """Grant what the form says, opening the account when names are given; False with the form's errors."""
    values = dict(form.cleaned_data)
    names = {"first_name": values.pop("first_name"), "last_name": values.pop("last_name")}
    email = values.pop("email")
    user = selectors.agent_account(email=email)
    if user is None and not all(names.values()):
        form.add_error(
            "email", "Aucun compte d’agent n’a cette adresse : donnez prénom et nom pour l’ouvrir."
        )
        return False
    values["region_name"] = region_names().get(values["region_code"], "")
    try:
        with transaction.atomic():  # no account stays behind a refused mandate
            user = user or services.open_account(email=email, by=request.user, now=timezone.now(), **names)
            services.grant_mandate(user=user, by=request.user, **grouped(values, scope=MandateScope))
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@require(rules.can_manage_mandates)
@require_POST
def mandate_end(request: SignedRequest, uuid: str) -> HttpResponse:
    """Remove an agent's mandate at once."""
    mandate = get_object_or_404(selectors.agent_mandates(), uuid=uuid)
    with suppress(MandateAlreadyEnded):  # two administrators, one removal
        services.end_mandate(mandate=mandate, by=request.user, now=timezone.now())
    return redirect("accounts:mandate_list")
