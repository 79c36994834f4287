from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from operators.network.models import Adviser, Site
from operators.reception.team import rules, services
from operators.reception.team.forms import InvitationForm, MoveForm


def _open_sites(request: SignedRequest) -> QuerySet[Site]:
    sites = Site.objects.visible_to(request.user).filter(is_open=True)
    return sites.select_related("contract__holder").order_by("name", "pk")


def _adviser(request: SignedRequest, uuid: UUID) -> Adviser:
    advisers = Adviser.objects.visible_to(request.user).select_related("user", "site__contract")
    return get_object_or_404(advisers, uuid=uuid)


@require(rules.can_run_network)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def adviser_invite(request: SignedRequest) -> HttpResponse:
    """Who joins the team, where, and by which address do they enter?"""
    sites = _open_sites(request)
    form = InvitationForm(request.POST or None, sites=sites)
    if request.method == "POST" and form.is_valid():
        try:
            adviser = services.invite_adviser(by=request.user, now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(
                request,
                f"{adviser.user.full_name} reçoit un courriel pour entrer. Il restera à ouvrir ses plages.",
            )
            return redirect("operators:team")
    return render(
        request, "operators/reception/team/adviser_invite.html", {"form": form, "has_site": sites.exists()}
    )


@require(rules.can_run_network)
@require_POST
@sent_once
def adviser_invite_again(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """The first link was lost, or is over."""
    adviser = _adviser(request, uuid)
    try:
        services.renew_invitation(adviser=adviser, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Un nouveau lien part vers {adviser.user.email}.")
    return redirect("operators:adviser_capacity", adviser.uuid)


@require(rules.can_run_network)
@require_http_methods(["GET", "HEAD", "POST"])
def adviser_move(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """To which place does this adviser belong?"""
    adviser = _adviser(request, uuid)
    form = MoveForm(request.POST or None, sites=_open_sites(request), present={"site": adviser.site.slug})
    if request.method == "POST" and form.is_valid():
        try:
            services.move_adviser(
                adviser=adviser, seen=form.as_seen(), by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            form.refuse(refusal, field="site")
        else:
            messages.success(request, "C’est enregistré.")
            return redirect("operators:adviser_capacity", adviser.uuid)
    return render(request, "operators/reception/team/adviser_move.html", {"adviser": adviser, "form": form})
