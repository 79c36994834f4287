from collections.abc import Sequence
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
from cep_portal.common.page_parts import ShownPart, shown_parts
from operators.casework.pathways import gates, hooks, presenters, rules, selectors, services
from operators.casework.pathways.enums import ClosingOutcome, PathwayState
from operators.casework.pathways.forms import ClosingForm
from operators.casework.pathways.models import Pathway


@require(rules.can_read_pathways)
@require_safe
def pathway_detail(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Where does this person stand, and what moved since my last visit? Acts are in one menu."""
    return _file(request, uuid, ClosingForm(), closes="clore" in request.GET)


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
    return _file(request, uuid, form, closes=True)


def _file(request: SignedRequest, uuid: UUID, form: ClosingForm, *, closes: bool) -> HttpResponse:
    now = timezone.now()
    pathway = selectors.pathway_opened(user=request.user, uuid=uuid, now=now)
    if pathway is None:
        raise Http404
    record_opening(target=pathway, by=request.user, now=now, data=gates.pass_gate(request, pathway))
    sessions = list(pathway.sessions.all())
    opened = hooks.OpenFile(pathway, request.user, now)
    visited_at = pathway.visited_at  # type: ignore[attr-defined]  # annotated by the selector
    zone = pathway.adviser.site.zone
    happenings = hooks.happenings(opened)
    sections = shown_parts(hooks.PARTS, opened)
    coming = list(selectors.coming_appointments(pathway=pathway, now=now))
    context = {
        "pathway": pathway,
        "goes_on_until": selectors.goes_on_until(pathway=pathway),
        "visited_at": visited_at,
        "moved": presenters.moved_since(
            sessions, happenings, coming, since=visited_at, reader=request.user, zone=zone
        ),
        "file_url": reverse("operators:pathway_detail", args=[uuid]),
        "timeline": presenters.timeline(
            sessions,
            happenings,
            zone=zone,
            is_open=pathway.outcome != ClosingOutcome.TRANSFERRED,
        ),
        "sections": [section for section in sections if not section.data.get("is_silent")],
        "acts": _acts(pathway, sections),
        "levels": presenters.levels_of(sessions),
        "session_count": len(sessions),
        "coming": coming,
        "needs": presenters.access_needs(pathway.service_request.access_needs)
        if pathway.service_request
        else "",
        "is_open": pathway.state == PathwayState.OPEN,
        "closes": closes and pathway.state == PathwayState.OPEN,
        "close_url": reverse("operators:pathway_close", args=[uuid]),
        "form": form,
    }
    return render(request, "operators/casework/pathways/pathway_detail.html", context)


def _acts(pathway: Pathway, sections: Sequence[ShownPart]) -> list[hooks.Act]:
    """All that may be done with this file, the closing last; nothing is added to one that left."""
    acts = [act for section in sections for act in section.data.get("acts", ())]
    if pathway.outcome != ClosingOutcome.TRANSFERRED:
        url = reverse("operators:unplanned_session", args=[pathway.beneficiary.uuid])
        acts.insert(0, hooks.Act("Saisir une séance imprévue", url))
    if pathway.state == PathwayState.OPEN:
        here = reverse("operators:pathway_detail", args=[pathway.uuid])
        acts.append(hooks.Act("Clore le parcours", f"{here}?clore=1#clore"))
    return acts
