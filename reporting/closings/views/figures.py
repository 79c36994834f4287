"""A number is a page: what it is made of, who froze it, and whether it can be counted again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.accounts.services import record_opening
from cep_portal.common.access import require
from cep_portal.documents.services import file_response
from reporting.closings import rules, services
from reporting.closings.forms import EvidenceForm, RestatementForm
from reporting.closings.models import FrozenValue
from reporting.closings.selectors.files import figure_detail, frozen_value_file


@require(rules.can_read_closings)
@require_safe
def figure(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """How was this number made?"""
    return _show(request, _value(request, uuid))


@require(rules.can_read_own_closings)
@require_safe
def own_figure(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """How was our number made?"""
    return _show(request, _value(request, uuid))


@require(rules.can_read_closings)
@require_POST
def figure_compare(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Count it again, and say whether the answer is the same."""
    value = _value(request, uuid)
    comparison = services.compare_closing(closing=value.closing, by=request.user, now=timezone.now())
    return _show(request, value, comparison=comparison, recounted=comparison.from_facts[value.kpi])


@require(rules.can_open_evidence)
@require_POST
def figure_evidence(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """The evidence file, once its reader has said why."""
    value, form = _value(request, uuid), EvidenceForm(request.POST)
    if not form.is_valid() or value.closing.evidence is None:
        messages.error(request, "Pourquoi ouvrir les preuves ? Écrivez votre motif.")
        return redirect("reporting:figure", uuid=uuid)
    record_opening(
        target=value.closing,
        by=request.user,
        now=timezone.now(),
        data={"reason": form.cleaned_data["reason"]},
    )
    return file_response(value.closing.evidence)


def _value(request: SignedRequest, uuid: UUID) -> FrozenValue:
    return get_object_or_404(frozen_value_file(user=request.user), uuid=uuid)


def _show(request: SignedRequest, value: FrozenValue, **more: object) -> HttpResponse:
    user = request.user
    record_opening(target=value, by=user, now=timezone.now())
    context = {
        "file": figure_detail(value),
        "value": value,
        "closing": value.closing,
        "contract": value.closing.contract,
        "is_steering": rules.can_read_closings(user),
        "evidence_form": EvidenceForm() if rules.can_open_evidence(user) else None,
        "restatement_form": RestatementForm() if rules.can_decide(user) else None,
        **more,
    }
    return render(request, "reporting/closings/figure.html", context)
