from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from operators.casework.referrals import presenters, rules, selectors, services
from operators.casework.referrals.forms import DoorForm


@require(rules.can_keep_doors)
@require_safe
def door_list(request: SignedRequest) -> HttpResponse:
    """Where can people be referred, and is it up to date?"""
    doors = selectors.door_list(user=request.user)
    rows = [
        {"door": door, "territory": presenters.territory(door), "is_kept": rules.keeps(request.user, door)}
        for door in doors
    ]
    return render(request, "operators/casework/referrals/door_list.html", {"rows": rows})


@require(rules.can_keep_doors)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def door_add(request: SignedRequest) -> HttpResponse:
    """Which door is missing?"""
    form = DoorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_door(facts=form.cleaned_data, by=request.user, now=timezone.now())
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Partenaire ajouté à l’annuaire.")
            return redirect("operators:door_list")
    return render(request, "operators/casework/referrals/door_edit.html", {"form": form})


@require(rules.can_keep_doors)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def door_change(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """What is no longer right about this door? Its history is below."""
    door = selectors.door_of(user=request.user, uuid=uuid)
    if door is None or not rules.keeps(request.user, door):
        raise Http404
    present = {name: getattr(door, name) for name in DoorForm.base_fields}
    form = DoorForm(request.POST or None, present=present)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_door(
                door=door, facts=form.cleaned_data, seen=form.as_seen(), by=request.user, now=timezone.now()
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Annuaire à jour.")
            return redirect("operators:door_list")
    history = [
        {"change": change, "words": presenters.change_words(change.values)}
        for change in selectors.door_changes(door=door)
    ]
    context = {"door": door, "form": form, "history": history}
    return render(request, "operators/casework/referrals/door_edit.html", context)
