from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.accounts.services import record_opening
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.page_parts import shown_parts
from operators.casework.pathways import gates, hooks, presenters, rules, selectors, services
from operators.casework.pathways.enums import ClosingOutcome, PathwayState
from operators.casework.pathways.forms import ClosingForm


@require(rules.can_read_pathways)
@require_safe
def pathway_detail(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Where does this person stand? The sessions on the left, the present on the right."""
    return _file(request, uuid, ClosingForm())


@require(rules.can_read_pathways)
@require_POST
def pathway_close(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """End a pathway from its file, with its outcome."""
    form = ClosingForm(request.POST)
    pathway = selectors.pathway_file(user=request.user, uuid=uuid)
    if pathway is None:
        raise Http404
    gates.pass_gate(request, pathway)
    if form.is_valid():
        try:
            services.close_pathway(
                pathway=pathway,
                outcome=form.cleaned_data["outcome"],
                by=request.user,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error("outcome", str(refusal))
        else:
            messages.success(request, "Parcours clos.")
            return redirect("operators:pathway_detail", uuid=uuid)
    return _file(request, uuid, form)


def _file(request: SignedRequest, uuid: UUID, form: ClosingForm) -> HttpResponse:
    now = timezone.now()
    pathway = selectors.pathway_file(user=request.user, uuid=uuid)
    if pathway is None:
        raise Http404
    record_opening(target=pathway, by=request.user, now=now, data=gates.pass_gate(request, pathway))
    sessions = list(pathway.sessions.all())
    opened = hooks.OpenFile(pathway, request.user, now)
    context = {
        "pathway": pathway,
        "goes_on_until": selectors.goes_on_until(pathway=pathway),
        "timeline": presenters.timeline(
            sessions,
            hooks.happenings(opened),
            zone=pathway.adviser.site.zone,
            is_open=pathway.outcome != ClosingOutcome.TRANSFERRED,
        ),
        "sections": shown_parts(hooks.PARTS, opened),
        "levels": presenters.levels_of(sessions),
        "session_count": len(sessions),
        "coming": selectors.coming_appointments(pathway=pathway, now=now),
        "needs": presenters.access_needs(pathway.service_request.access_needs)
        if pathway.service_request
        else "",
        "is_open": pathway.state == PathwayState.OPEN,
        "close_url": reverse("operators:pathway_close", args=[uuid]),
        "form": form,
    }
    return render(request, "operators/casework/pathways/pathway_detail.html", context)
