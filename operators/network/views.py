from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cep_portal.common.access import public, require
from operators.network import rules, selectors
from operators.network.enums import Mode

PAGE = 30


@public
@require_safe
def site_list(request: HttpRequest) -> HttpResponse:
    """Where can I be received?"""
    search = request.GET.get("ou", "")[:80]
    sites = selectors.public_sites(on=timezone.localdate(), search=search)
    page = Paginator(sites, PAGE).get_page(request.GET.get("page"))
    cards = [
        {
            "title": site.name,
            "url": reverse("operators:site_detail", args=[site.slug]),
            "text": f"{site.address}, {site.commune.name} ({site.commune.department_id})",
        }
        for site in page
    ]
    context = {"page": page, "cards": cards, "search": search}
    return render(request, "operators/network/site_list.html", context)


@public
@require_safe
def site_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Where is it, how do I get in, when is it open?"""
    today = timezone.localdate()
    site = get_object_or_404(selectors.public_sites(on=today), slug=slug)
    modes = selectors.site_modes(site=site, on=today)
    context = {
        "site": site,
        "days": selectors.open_days(site=site, on=today),
        "modes": [mode.label for mode in Mode if mode in modes],
    }
    return render(request, "operators/network/site_detail.html", context)


@require(rules.can_see_team)
@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """Who receives where, and who has opened nothing?"""
    now = timezone.now()
    advisers = Paginator(selectors.team_advisers(user=request.user, now=now), 50)
    context = {
        "sites": selectors.team_sites(user=request.user),
        "page": advisers.get_page(request.GET.get("page")),
    }
    return render(request, "operators/network/team.html", context)
