from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from operators.booking.agenda.presenters.confirmation import people_told
from operators.network.models import Site
from operators.reception.team import rules, selectors, services
from operators.reception.team.forms import PlaceForm, SiteForm
from operators.reception.team.services import PlaceFacts, SiteFacts

SHOWN = ("name", "address", "postcode", "phone", "is_step_free", "access")


def _site(request: SignedRequest, slug: str) -> Site:
    sites = Site.objects.visible_to(request.user).select_related("commune__department", "contract__lot")
    return get_object_or_404(sites, slug=slug)


@require(rules.can_run_network)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def site_add(request: SignedRequest) -> HttpResponse:
    """Where do we open, and what does the public read of it?"""
    form = SiteForm(request.POST or None, initial={"is_step_free": True})
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in (*SHOWN, "commune")}
        try:
            site = services.open_site(
                holder=request.user.organisation,
                by=request.user,
                now=timezone.now(),
                facts=SiteFacts(**values),
            )
        except DomainError as refusal:
            form.add_error("commune_text", str(refusal))
        else:
            messages.success(
                request,
                f"{site.name} est ouvert. Un créneau y paraît dès qu’un conseiller y ouvre des heures.",
            )
            return redirect("operators:team")
    return render(request, "operators/reception/team/site_add.html", {"form": form})


@require(rules.can_run_network)
@require_http_methods(["GET", "HEAD", "POST"])
def site_change(request: SignedRequest, slug: str) -> HttpResponse:
    """What does the public read of this place?"""
    site = _site(request, slug)
    form = PlaceForm(request.POST or None, present={name: getattr(site, name) for name in SHOWN})
    if request.method == "POST" and form.is_valid():
        try:
            services.change_site(
                site=site,
                facts=PlaceFacts(**form.cleaned_data),
                seen=form.as_seen(),
                by=request.user,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "C’est enregistré : le public le lit dès maintenant.")
            return redirect("operators:team")
    return render(request, "operators/reception/team/site_change.html", {"site": site, "form": form})


@require(rules.can_run_network)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def site_close(request: SignedRequest, slug: str) -> HttpResponse:
    """Who comes to this place, and what becomes of them if it closes for good?"""
    site, now = _site(request, slug), timezone.now()
    if not site.is_open:
        return redirect("operators:site_change", site.slug)
    if request.method == "POST":
        try:
            replaced = services.close_for_good(site=site, by=request.user, now=now)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect("operators:site_close", site.slug)
        messages.success(request, f"{site.name} est fermé. {people_told(replaced)}")
        return redirect("operators:replacement_list" if replaced else "operators:team")
    context = {"site": site, "closing": selectors.closing_of(site=site, now=now)}
    return render(request, "operators/reception/team/site_close.html", context)
