from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import public, require
from cep_portal.common.charts import asked_image
from cep_portal.common.days import local_day, monday_of
from cep_portal.common.errors import DomainError
from cep_portal.common.page_parts import shown_parts
from cep_portal.common.wording.dates import dated_day
from operators.network import rules, selectors, services
from operators.network.enums import Mode
from operators.network.forms import CapacityForm
from operators.network.hooks import PARTS, ReadSite, ReadSites, next_slots
from operators.network.models import Adviser
from operators.network.presenters import WEEKS, directions, regions, site_card, site_delays

PAGE = 30
SOONEST = "delai"


@public
@require_safe
def site_list(request: HttpRequest) -> HttpResponse:
    """Where can I be received, and how soon?"""
    now = timezone.now()
    today = local_day(now)
    search, soonest = request.GET.get("ou", "")[:80], request.GET.get("tri") == SOONEST
    code = request.GET.get("commune", "")[:5]
    searched = selectors.searched_town(search=search, code=code) if search else selectors.SearchedTown()
    sites = selectors.public_sites(on=today, search=search, town=searched.town, soonest=soonest)
    page = Paginator(sites, PAGE).get_page(request.GET.get("page"))
    around = selectors.sites_around(town=searched.town, on=today) if searched.town else []
    shown = [*page, *(near.site for near in around)]
    slots = next_slots(ReadSites(shown, now)) if shown else {}
    context = {
        "page": page,
        "regions": regions(page, slots, on=today, by_region=not search and not soonest),
        "around": [site_card(near.site, slots, on=today, km=near.km) for near in around],
        "town": searched.town,
        "choices": _choices(search, searched, soonest=soonest) if not page.object_list else [],
        "search": search,
        "groups": _orders(search, code=code, soonest=soonest),
    }
    return render(request, "operators/network/site_list.html", context)


def _choices(search: str, searched: selectors.SearchedTown, *, soonest: bool) -> list[dict]:
    """A guess is never an answer: the towns the words may mean, as links."""
    order = {"tri": SOONEST} if soonest else {}
    return [
        {
            "title": match.label,
            "url": f"?{urlencode({'ou': search, 'commune': match.commune.code, **order})}",
            "text": "",
        }
        for match in searched.choices
    ]


def _orders(search: str, *, code: str, soonest: bool) -> list[dict]:
    def url(order: str) -> str:
        named = (("ou", search), ("commune", code), ("tri", order))
        chosen = {name: value for name, value in named if value}
        return f"?{urlencode(chosen)}"

    items = [
        {"label": "Par région" if not search else "Par ville", "url": url(""), "current": not soonest},
        {"label": "Premier rendez-vous sur place", "url": url(SOONEST), "current": soonest},
    ]
    return [{"label": "Trier", "items": items}]


@public
@require_safe
def site_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Where is it, how do I get in, when is it open, how long must I wait?"""
    now = timezone.now()
    site = get_object_or_404(selectors.public_sites(on=timezone.localdate()), slug=slug)
    today = local_day(now, site.zone)
    modes = selectors.site_modes(site=site, on=today)
    since = monday_of(today) - timedelta(weeks=WEEKS - 1)
    delays = site_delays(weeks=selectors.delay_weeks(site=site, since=since), today=today)
    drawn = [delays.chart] if delays.chart else []
    if image := asked_image(request, drawn, source=f"{site.name} · Mon CEP · {dated_day(today)}"):
        return image
    context = {
        "site": site,
        "days": selectors.open_days(site=site, on=today),
        "modes": [mode.label for mode in Mode if mode in modes],
        "delays": delays,
        "horizon_weeks": settings.PORTAL_HORIZON_WEEKS,
        "closures": selectors.coming_closures(site=site, on=today),
        "blocks": shown_parts(PARTS, ReadSite(site, now)),
        "directions": directions(site),
        "start_url": f"{reverse('beneficiaries:start')}?{urlencode({'lieu': site.slug})}",
    }
    return render(request, "operators/network/site_detail.html", context)


@require(rules.can_see_team)
@require_safe
def team(request: SignedRequest) -> HttpResponse:
    """Who receives where, and who has opened nothing?"""
    now = timezone.now()
    advisers = Paginator(selectors.team_advisers(user=request.user, now=now), 50)
    context = {
        "sites": selectors.team_sites(user=request.user),
        "page": advisers.get_page(request.GET.get("page")),
    }
    return render(request, "operators/network/team.html", context)


@require(rules.can_see_team)
@require_http_methods(["GET", "HEAD", "POST"])
def adviser_capacity(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """How many people a day does this adviser receive, and with which skills?"""
    advisers = Adviser.objects.visible_to(request.user).select_related("user", "site")
    adviser = get_object_or_404(advisers, uuid=uuid)
    form = CapacityForm(
        request.POST or None, present={"max_per_day": adviser.max_per_day, "skills": adviser.skills}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.set_adviser_capacity(
                adviser=adviser, seen=form.as_seen(), by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"C’est enregistré pour {adviser.user.full_name}.")
            return redirect("operators:team")
    return render(request, "operators/network/adviser_capacity.html", {"adviser": adviser, "form": form})
