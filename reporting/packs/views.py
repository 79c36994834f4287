from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from cep_portal.accounts.models import SignedRequest
from cep_portal.accounts.services import record_opening
from cep_portal.common.access import require
from cep_portal.common.days import local_day
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from cep_portal.common.wording.numbers import in_groups
from cep_portal.documents.services import file_response
from cep_portal.territories.models import Region
from reporting.dashboards.selectors import readable_regions
from reporting.kpis.rules import can_read_own_region, can_read_regions
from reporting.kpis.rules.periods import last_closed_month, month_of
from reporting.packs import selectors, services
from reporting.packs.enums import PackState
from reporting.packs.forms import PackForm
from reporting.packs.models import RegionalPack


@require(can_read_own_region)
@require_safe
def committee(request: SignedRequest) -> HttpResponse:
    """What should the committee read about its region today?"""
    region = get_object_or_404(readable_regions(user=request.user))
    return _packs(request, region, "reporting/packs/committee.html")


@require(can_read_regions)
@require_safe
def region_packs(request: SignedRequest, code: str) -> HttpResponse:
    """Which packs does this region's committee have?"""
    region = get_object_or_404(readable_regions(user=request.user), pk=code)
    return _packs(request, region, "reporting/packs/region_packs.html")


@require(can_read_regions)
@require_POST
@sent_once
def pack_ask(request: SignedRequest, code: str) -> HttpResponse:
    """Build the pack of this month for me."""
    region = get_object_or_404(readable_regions(user=request.user), pk=code)
    form = PackForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Ce mois n’est pas proposé.")
        return redirect("reporting:region_packs", code=region.pk)
    try:
        pack = services.ask_pack(
            region=region, month=form.cleaned_data["month"], by=request.user, now=timezone.now()
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("reporting:region_packs", code=region.pk)
    return redirect("reporting:pack", uuid=pack.uuid)


@require(can_read_regions)
@require_safe
def pack(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Is my pack ready?"""
    regional_pack = _pack(request, uuid)
    context = {
        "pack": regional_pack,
        "state": regional_pack.state(now=timezone.now()),
        "states": PackState,
        "month": month_of(regional_pack.month),
        "fingerprint": regional_pack.document and in_groups(regional_pack.document.sha256),
    }
    return render(request, "reporting/packs/pack.html", context)


@require(can_read_regions)
@require_safe
def pack_status(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """The progress alone, asked again by htmx; the page reloads itself once there is an end."""
    regional_pack = _pack(request, uuid)
    if regional_pack.state(now=timezone.now()) != PackState.RUNNING:
        return HttpResponseClientRefresh()
    return render(request, "reporting/packs/pack_status.html", {"pack": regional_pack})


@require(can_read_regions)
@require_safe
def pack_download(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """The PDF as it was issued."""
    regional_pack = get_object_or_404(
        RegionalPack.objects.visible_to(request.user).select_related("document"),
        uuid=uuid,
        document__isnull=False,
    )
    record_opening(target=regional_pack, by=request.user, now=timezone.now())
    return file_response(regional_pack.document)  # type: ignore[arg-type]  # the page asked for it before


def _pack(request: SignedRequest, uuid: UUID) -> RegionalPack:
    packs = RegionalPack.objects.visible_to(request.user).select_related("document", "region")
    return get_object_or_404(packs, uuid=uuid)


def _packs(request: SignedRequest, region: Region, template: str) -> HttpResponse:
    now = timezone.now()
    month = last_closed_month(local_day(now))
    packs = list(selectors.pack_list(user=request.user, region=region))
    opened = selectors.opened_packs(user=request.user, packs=packs)
    ready = [regional_pack for regional_pack in packs if regional_pack.document_id]
    context = {
        "region": region,
        "month": month,
        "form": PackForm(initial={"month": month.code}),
        "latest": ready[0] if ready else None,
        "latest_is_new": bool(ready) and ready[0].pk not in opened,
        "changed": selectors.changed_figures(before=ready[1].figures, after=ready[0].figures)
        if len(ready) > 1
        else (),
        "previous": ready[1] if len(ready) > 1 else None,
        "lines": [
            (
                regional_pack,
                month_of(regional_pack.month),
                regional_pack.state(now=now),
                regional_pack.pk in opened,
            )
            for regional_pack in packs
        ],
        "states": PackState,
    }
    return render(request, template, context)
