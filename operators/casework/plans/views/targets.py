from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from cep_portal.common.undo import offer_undo
from operators.casework.pathways.gates import pass_gate
from operators.casework.pathways.models import Pathway
from operators.casework.plans import rules, selectors, services
from operators.casework.plans.forms import OccupationForm
from operators.casework.plans.models import Occupation


@require(rules.can_write_plans)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def targets(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Which occupations does the person have in view? Of the ROME, or in the person's words."""
    pathway = selectors.pathway_of_plan(user=request.user, uuid=uuid)
    if pathway is None:
        raise Http404
    pass_gate(request, pathway)
    if request.method == "POST":
        return _add(request, pathway)
    form = OccupationForm(request.GET or None)
    text = form.cleaned_data["metier"] if form.is_valid() else ""
    plan = selectors.plan_of(pathway=pathway)
    context = {
        "pathway": pathway,
        "form": form,
        "text": text,
        "found": selectors.search_occupations(text),
        "targets": plan.targets.all() if plan else [],
    }
    return render(request, "operators/casework/plans/targets.html", context)


def _add(request: SignedRequest, pathway: Pathway) -> HttpResponse:
    code, form = request.POST.get("code", ""), OccupationForm(request.POST)
    occupation = Occupation.objects.filter(code=code).first() if code else None
    title = form.cleaned_data["metier"].strip() if form.is_valid() else ""
    if occupation is None and not title:
        raise Http404
    try:
        services.add_target(
            pathway=pathway, occupation=occupation, title=title, by=request.user, now=timezone.now()
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("operators:plan_targets", pathway.uuid)
    messages.success(request, "Le métier est dans le plan.")
    return redirect("operators:plan", pathway.uuid)


@require(rules.can_write_plans)
@require_POST
def target_remove(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """This occupation is no longer in view."""
    target = selectors.target_by_uuid(user=request.user, uuid=uuid)
    if target is None:
        raise Http404
    pathway, occupation, now = target.plan.pathway, target.occupation, timezone.now()
    pass_gate(request, pathway)
    typed = {"code": occupation.code} if occupation else {"metier": target.title}
    name = occupation.label if occupation else target.title
    try:
        services.remove_target(target=target, by=request.user, now=now)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        url = reverse("operators:plan_targets", args=[pathway.uuid])
        offer_undo(request, f"Métier retiré du plan : {name}.", url, fields=typed, now=now)
    return redirect("operators:plan", pathway.uuid)
