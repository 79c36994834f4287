from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.accounts.services import record_opening
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from cep_portal.documents.services import file_exists, file_response
from operators.casework.pathways.gates import pass_gate
from operators.casework.pathways.models import Pathway
from operators.casework.summaries import documents, presenters, rules, selectors, services
from operators.casework.summaries.enums import SummaryState
from operators.casework.summaries.forms import SummaryForm
from operators.casework.summaries.models import SummaryDocument


@require(rules.can_write_summaries)
@require_http_methods(["GET", "HEAD", "POST"])
def summary(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """What do we write for the person to keep, and where does it stand?"""
    (pathway, given), now = _pathway(request, uuid), timezone.now()
    versions = list(selectors.summaries_of(pathway=pathway))
    present = next(
        (
            summary_document
            for summary_document in versions
            if summary_document.state in SummaryState.still_written
        ),
        None,
    )
    form = None
    # A version proposed meanwhile by a colleague does not take the words away: they are shown again.
    if present is not None and (present.state == SummaryState.DRAFT or request.method == "POST"):
        themes = selectors.themes_of(pathway=pathway)
        form = SummaryForm(request.POST or None, present=selectors.written(present), themes=themes)
    if request.method == "POST":
        if form is None or present is None:
            messages.error(request, "Cette version ne s’écrit plus.")
            return redirect("operators:summary", uuid)
        if form.is_valid() and _written(request, present, form):
            return redirect("operators:summary", uuid)
    record_opening(target=pathway, by=request.user, now=now, data=given)
    content = selectors.plan_content(pathway=pathway) if form else getattr(present, "content", {})
    context = {
        "pathway": pathway,
        "present": present,
        "past": [
            summary_document for summary_document in versions if summary_document.state in SummaryState.frozen
        ],
        "form": form,
        "content": documents.printable(content) if content else None,
        "headings": presenters.headings(present) if present else [],
        "asked": _asked(present) if present and form else None,
    }
    return render(request, "operators/casework/summaries/summary.html", context)


def _written(request: SignedRequest, present: SummaryDocument, form: SummaryForm) -> bool:
    """Save the draft, and propose it when that button was pressed."""
    now = timezone.now()
    try:
        written = services.write_summary(
            summary=present,
            words={name: form.cleaned_data[name] for name in rules.TEXTS},
            themes=form.cleaned_data.get("themes", ()),
            seen=form.as_seen(),
            by=request.user,
            now=now,
        )
        form.wrote(selectors.written(written))
        if request.POST.get("acte") == "proposer":
            services.propose_summary(summary=present, by=request.user, now=now)
    except DomainError as refusal:
        form.refuse(refusal)
        return False
    proposed = request.POST.get("acte") == "proposer"
    messages.success(request, "Le document est proposé à la personne." if proposed else "C’est enregistré.")
    return True


def _asked(summary_document: SummaryDocument) -> Any:
    """The correction that the person asks of the last proposal, if any."""
    return next(
        (answer for answer in summary_document.answers.all() if answer.revision == summary_document.revision),
        None,
    )


def _pathway(request: SignedRequest, uuid: UUID) -> tuple[Pathway, dict]:
    pathway = selectors.pathway_of_summary(user=request.user, uuid=uuid)
    if pathway is None:
        raise Http404
    return pathway, pass_gate(request, pathway)


@require(rules.can_write_summaries)
@require_POST
@sent_once
def summary_start(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Begin a version."""
    pathway, _ = _pathway(request, uuid)
    try:
        services.start_summary(pathway=pathway, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("operators:summary", uuid)


@require(rules.can_write_summaries)
@require_POST
def summary_propose(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Show the draft to the person."""
    return _moved(request, uuid, services.propose_summary, "Le document est proposé à la personne.")


@require(rules.can_write_summaries)
@require_POST
def summary_withdraw(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Take a proposal back, to write it again."""
    return _moved(request, uuid, services.withdraw_summary, "Le document est de nouveau en rédaction.")


def _moved(request: SignedRequest, uuid: UUID, service: Callable[..., Any], done: str) -> HttpResponse:
    summary_document, _ = _summary(request, uuid)
    try:
        service(summary=summary_document, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("operators:summary", summary_document.pathway.uuid)


def _summary(request: SignedRequest, uuid: UUID) -> tuple[SummaryDocument, dict]:
    summary_document = selectors.summary_by_uuid(user=request.user, uuid=uuid)
    if summary_document is None:
        raise Http404
    return summary_document, pass_gate(request, summary_document.pathway)


@require(rules.can_write_summaries)
@require_safe
def summary_file(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """The accepted file, as the person has it; the reading is in the journal."""
    summary_document, given = _summary(request, uuid)
    if summary_document.document is None or not file_exists(summary_document.document):
        raise Http404
    record_opening(target=summary_document.pathway, by=request.user, now=timezone.now(), data=given)
    return file_response(summary_document.document)
