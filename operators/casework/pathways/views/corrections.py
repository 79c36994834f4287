from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.days import local
from cep_portal.common.errors import DomainError
from cep_portal.common.facts import grouped
from cep_portal.common.sent_once import sent_once
from operators.casework.pathways import gates, presenters, rules, selectors, services
from operators.casework.pathways.enums import CorrectionChannel, NextStep
from operators.casework.pathways.forms import CorrectionForm
from operators.casework.pathways.models import CounsellingSession
from operators.casework.pathways.services import SessionFacts


@require(rules.can_log_sessions)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def session_correct(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """What was this session really? Its former value and the reason stay in the file."""
    session = _session(request, uuid)
    form = _form(request, session)
    if request.method == "POST" and form.is_valid():
        try:
            services.correct_session(
                session=session,
                channel=CorrectionChannel.PAGE,
                seen=form.as_seen(),
                **grouped(form.facts(), facts=SessionFacts),
                by=request.user,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal, field=form.field_of(refusal))
        else:
            messages.success(request, "Séance corrigée. Vous pouvez annuler pendant dix minutes.")
            return redirect("operators:session_correct", uuid)
    correction = selectors.last_correction(session=session)
    context = {
        "session": session,
        "form": form,
        "correction": correction,
        "former": presenters.former_session(correction, session.zone) if correction else "",
        "can_undo": correction is not None and rules.may_undo_correction(correction, now=timezone.now()),
    }
    return render(request, "operators/casework/pathways/session_correct.html", context)


@require(rules.can_log_sessions)
@require_POST
@sent_once
def correction_undo(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Take the last correction back, within ten minutes."""
    session = _session(request, uuid)
    correction = selectors.last_correction(session=session)
    if correction is None:
        raise Http404
    try:
        services.undo_correction(correction=correction, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Correction annulée : la séance dit de nouveau ce qu’elle disait.")
    return redirect("operators:pathway_detail", session.pathway.uuid)


def _session(request: SignedRequest, uuid: UUID) -> CounsellingSession:
    session = selectors.session_to_correct(user=request.user, uuid=uuid)
    if session is None:
        raise Http404
    gates.pass_gate(request, session.pathway)
    return session


def _form(request: HttpRequest, session: CounsellingSession) -> CorrectionForm:
    return CorrectionForm(
        request.POST or None,
        present=selectors.logged(session),
        day=local(session.starts_at, session.zone).date(),
        zone=session.zone,
        closes=session.next_step == NextStep.CLOSE,
    )
