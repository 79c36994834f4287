from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.links import portal_link
from cep_portal.common.sent_once import sent_once
from cep_portal.documents.services import file_exists, file_response
from operators.casework.summaries import documents, presenters, rules, selectors, services
from operators.casework.summaries.enums import SummaryState
from operators.casework.summaries.forms import CorrectionForm, ShareForm
from operators.casework.summaries.models import SummaryDocument


@require(rules.can_answer_summaries)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def own_summary(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Do I agree with what is written? I accept it, or I say what to correct."""
    summary, form = _own(request, uuid), CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_correction(
                summary=summary, words=form.cleaned_data["words"], by=request.user, now=timezone.now()
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Votre conseiller lira ce qui est à corriger.")
            return redirect("operators:own_summary", uuid)
    return _page(request, summary, form=form)


def _page(request: HttpRequest, summary: SummaryDocument, **more: Any) -> HttpResponse:
    now, is_proposed = timezone.now(), summary.state == SummaryState.PROPOSED
    is_accepted = summary.state in SummaryState.frozen
    context = {
        "summary": summary,
        "is_proposed": is_proposed,
        "is_accepted": is_accepted,
        "may_share": summary.state == SummaryState.ACCEPTED,
        "headings": presenters.headings(summary) if is_proposed or is_accepted else [],
        "content": documents.printable(summary.content) if is_proposed or is_accepted else None,
        "shares": presenters.share_rows(selectors.shares_of(summary=summary), now=now) if is_accepted else [],
        "share_form": ShareForm(),
        **more,
    }
    return render(request, "operators/casework/summaries/own_summary.html", context)


def _own(request: SignedRequest, uuid: UUID) -> SummaryDocument:
    summary = selectors.summary_by_uuid(user=request.user, uuid=uuid)
    if summary is None:
        raise Http404
    return summary


@require(rules.can_answer_summaries)
@require_POST
def own_summary_accept(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """I accept what I read; it never changes afterwards."""
    summary, revision = _own(request, uuid), request.POST.get("proposition", "")
    try:
        documents.accept(
            summary=summary,
            revision=int(revision) if revision.isdecimal() else 0,
            by=request.user,
            now=timezone.now(),
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Vous avez accepté ce document. Il est à vous.")
    return redirect("operators:own_summary", uuid)


@require(rules.can_answer_summaries)
@require_safe
def own_summary_file(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """My document, as I accepted it."""
    summary = _own(request, uuid)
    if summary.document is None or not file_exists(summary.document):
        raise Http404
    return file_response(summary.document)


@require(rules.can_answer_summaries)
@never_cache
@require_POST
@sent_once
def own_summary_share(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Give somebody a link: shown this once, it ends by itself."""
    summary, form = _own(request, uuid), ShareForm(request.POST)
    link = ""
    if form.is_valid():
        try:
            share, token = services.share_summary(
                summary=summary, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            link = portal_link("operators:shared_summary", token)
            return _page(request, summary, form=CorrectionForm(), link=link, share=share)
    return _page(request, summary, form=CorrectionForm(), share_form=form)


@require(rules.can_answer_summaries)
@require_POST
def own_share_revoke(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Close a link at once."""
    share = selectors.share_by_uuid(user=request.user, uuid=uuid)
    if share is None:
        raise Http404
    services.revoke_share(share=share, by=request.user, now=timezone.now())
    messages.success(request, "Ce lien n’ouvre plus rien.")
    return redirect("operators:own_summary", share.summary.uuid)
