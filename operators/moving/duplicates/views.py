from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import SignedRequest
from cep_portal.accounts.services import record_opening
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from operators.moving.duplicates import rules, selectors, services
from operators.moving.duplicates.forms import MergeForm
from operators.moving.duplicates.models import PersonMerge

PER_PAGE = 50


@require(rules.can_merge_people)
@require_safe
def pair_list(request: SignedRequest) -> HttpResponse:
    """Which files are perhaps the same person?"""
    pairs = Paginator(selectors.pair_list(user=request.user), PER_PAGE).get_page(request.GET.get("page"))
    rows = [{"pair": pair, "alike": selectors.words_of(pair.alike)} for pair in pairs]
    return render(request, "operators/moving/duplicates/pair_list.html", {"page": pairs, "rows": rows})


@require(rules.can_merge_people)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def pair_compare(request: SignedRequest, uuid: UUID, other: Any) -> HttpResponse:
    """Are these two the same person? What is alike, what each has, and what is kept."""
    now, (first, second) = timezone.now(), _people(request, uuid, other)
    kept, absorbed = selectors.in_order(organisation=request.user.organisation_id, people=(first, second))
    form = MergeForm(request.POST or None, kept=kept, absorbed=absorbed)
    if request.method == "POST" and form.is_valid():
        try:
            merge = services.merge_people(
                kept=kept,
                absorbed=absorbed,
                taken=form.taken(),
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=now,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Les deux dossiers n’en font plus qu’un.")
            return redirect("operators:merge_detail", merge.uuid)
    for person in (kept, absorbed):
        record_opening(target=person, by=request.user, now=now)
    common = selectors.likeness(user=request.user, person=kept, other=absorbed)
    context = {
        "kept": kept,
        "absorbed": absorbed,
        "held": selectors.held_by(user=request.user, people=(kept, absorbed)),
        "common": common,
        "are_alike": common is not None and rules.are_alike(common.alike),
        "undo_days": rules.UNDO_FOR.days,
        "form": form,
    }
    return render(request, "operators/moving/duplicates/pair_compare.html", context)


@require(rules.can_merge_people)
@require_POST
@sent_once
def pair_apart(request: SignedRequest, uuid: UUID, other: Any) -> HttpResponse:
    """« Ce n’est pas la même personne »: remembered."""
    first, second = _people(request, uuid, other)
    try:
        services.say_apart(person=first, other=second, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "C’est noté : ces deux personnes ne seront plus rapprochées.")
    return redirect("operators:pair_list")


def _people(request: SignedRequest, uuid: UUID, other: Any) -> tuple[Beneficiary, Beneficiary]:
    pair_people = selectors.pair_people(user=request.user, uuid=uuid, other=other)
    if pair_people is None:
        raise Http404
    return pair_people


@require(rules.can_merge_people)
@require_safe
def merge_detail(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """What has been put together, and until when can it be undone?"""
    merge = _merge(request, uuid)
    until = rules.undo_until(merge.merged_at)
    context = {
        "merge": merge,
        "until": until,
        "can_undo": merge.undone_at is None and timezone.now() < until,
        "pathways": selectors.pathways_of(user=request.user, person=merge.kept),
    }
    return render(request, "operators/moving/duplicates/merge_detail.html", context)


@require(rules.can_merge_people)
@require_POST
def merge_undo(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """These are two people after all."""
    merge = _merge(request, uuid)
    try:
        services.undo_merge(merge=merge, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Les deux dossiers sont de nouveau séparés.")
    return redirect("operators:merge_detail", uuid)


def _merge(request: SignedRequest, uuid: UUID) -> PersonMerge:
    merge = selectors.merge_by_uuid(user=request.user, uuid=uuid)
    if merge is None:
        raise Http404
    return merge
