from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.facts import grouped
from cep_portal.common.sent_once import sent_once
from cep_portal.common.wording.numbers import plural
from operators.booking.agenda.services.handing import Handed
from operators.casework.pathways.gates import pass_gate
from operators.casework.pathways.models import Pathway
from operators.moving.handovers import rules, selectors, services
from operators.moving.handovers.enums import HandoverKind
from operators.moving.handovers.errors import HandoverRefused
from operators.moving.handovers.forms import HandoverForm
from operators.moving.handovers.services import HandoverTerms
from operators.network.models import Adviser


@require(rules.can_hand_over)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def pathway_hand_over(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Who follows this person from now on?"""
    pathway = selectors.handed_file(user=request.user, uuid=uuid)
    if pathway is None:
        raise Http404
    pass_gate(request, pathway)
    form, handed = _answer(request, pathway.adviser, [pathway])
    if handed is not None:
        messages.success(request, f"Parcours confié. {_kept(handed)}")
        return redirect("operators:pathway_detail", uuid)
    return render(
        request, "operators/moving/handovers/pathway_hand_over.html", {"pathway": pathway, "form": form}
    )


@require(rules.can_hand_over)
@require_POST
def pathway_take_back(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """The colleague is back sooner: the pathway returns now."""
    pathway = selectors.handed_file(user=request.user, uuid=uuid)
    lent = selectors.lent_now(pathway=pathway) if pathway else None
    if pathway is None or lent is None:
        raise Http404
    pass_gate(request, pathway)
    try:
        services.take_back(handover=lent, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, f"Parcours repris par {lent.former.user.full_name}.")
    return redirect("operators:pathway_detail", uuid)


@require(rules.can_hand_over_portfolios)
@require_safe
def portfolio_list(request: SignedRequest) -> HttpResponse:
    """Whose people have to be followed by somebody else? One's own, or those of the team."""
    advisers = selectors.portfolios(user=request.user)
    return render(request, "operators/moving/handovers/portfolio_list.html", {"advisers": advisers})


@require(rules.can_hand_over_portfolios)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def portfolio_hand_over(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Who follows all the people of this adviser? Numbers only: a manager reads no name."""
    adviser = get_object_or_404(selectors.advisers_to_leave(user=request.user), uuid=uuid)
    pathways = list(selectors.portfolio(adviser=adviser))
    form, handed = _answer(request, adviser, pathways)
    if handed is not None:
        many = plural(len(pathways))
        messages.success(request, f"{len(pathways)} parcours confié{many}. {_kept(handed)}")
        return redirect("operators:portfolio_list")
    context = {"adviser": adviser, "count": len(pathways), "form": form}
    return render(request, "operators/moving/handovers/portfolio_hand_over.html", context)


def _answer(
    request: SignedRequest, former: Adviser, pathways: list[Pathway]
) -> tuple[HandoverForm, Handed | None]:
    form = HandoverForm(
        request.POST or None,
        initial={"kind": HandoverKind.TEMPORARY},
        colleagues=selectors.colleagues_of(adviser=former),
    )
    if request.method != "POST" or not form.is_valid():
        return form, None
    try:
        _, handed = services.hand_over(
            pathways=pathways,
            former=former,
            **grouped(form.answers(), terms=HandoverTerms),
            by=request.user,
            now=timezone.now(),
        )
    except HandoverRefused as refusal:
        form.add_error(refusal.field, str(refusal))
        return form, None
    return form, handed


def _kept(handed: Handed) -> str:
    """What is left to look at, in words."""
    given, kept = len(handed.given), len(handed.kept)
    words = f"{given} rendez-vous suivi{plural(given)}." if given else "La personne en est informée."
    if kept:
        words += (
            f" {kept} rendez-vous reste{'nt' if kept > 1 else ''} au conseiller d’avant, faute d’heure libre."
        )
    return words
