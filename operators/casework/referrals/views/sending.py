from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.phones import phone
from cep_portal.common.sent_once import sent_once
from operators.casework.pathways.gates import pass_gate
from operators.casework.pathways.models import Pathway
from operators.casework.referrals import presenters, rules, selectors, services, wording
from operators.casework.referrals.enums import DoorKind
from operators.casework.referrals.forms import ConsentForm, ReferralForm
from operators.casework.referrals.models import ReferralDoor
from operators.casework.referrals.services import ReferralFacts

KIND = "type"


def _pathway(request: SignedRequest, uuid: UUID) -> Pathway:
    pathway = selectors.pathway_of(user=request.user, uuid=uuid)
    if pathway is None:
        raise Http404
    pass_gate(request, pathway)
    return pathway


@require(rules.can_refer)
@require_safe
def referral_choose(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Which service receives the person next? Those of the territory first."""
    pathway = _pathway(request, uuid)
    asked = request.GET.get(KIND, "")
    kind = asked if asked in DoorKind.values else ""
    near_doorses = selectors.doors_for(user=request.user, pathway=pathway, kind=kind)
    context = {
        "pathway": pathway,
        "groups": [
            {"title": presenters.NEARNESS[near_doors.nearness], "doors": near_doors.doors}
            for near_doors in near_doorses
        ],
        "filters": [{"label": "Type", "items": _kinds(kind)}],
    }
    return render(request, "operators/casework/referrals/referral_choose.html", context)


def _kinds(chosen: str) -> list[dict]:
    options = [("", "Tous"), *DoorKind.choices]
    return [
        {"label": label, "url": f"?{KIND}={value}" if value else "?", "current": value == chosen}
        for value, label in options
    ]


@require(rules.can_refer)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def referral_add(request: SignedRequest, uuid: UUID, door: UUID) -> HttpResponse:
    """Why, and what is transmitted? Shown word for word, then agreed to, then sent."""
    pathway, chosen = _pathway(request, uuid), selectors.door_of(user=request.user, uuid=door)
    if chosen is None:
        raise Http404
    contacts = _contacts(pathway)
    form = ReferralForm(
        request.POST or None, contacts=contacts, initial={"shares": [name for name, _ in contacts]}
    )
    context = {"pathway": pathway, "door": chosen, "form": form}
    if request.method != "POST" or not form.is_valid() or "corriger" in request.POST:
        return render(request, "operators/casework/referrals/referral_add.html", context)
    return _check(request, pathway, chosen, context)


def _check(request: SignedRequest, pathway: Pathway, door: ReferralDoor, context: dict) -> HttpResponse:
    facts = {"shares": [], **context["form"].cleaned_data}
    text = wording.transmitted(pathway=pathway, **facts)
    agreed = wording.consent(door)
    consent = ConsentForm(request.POST if "shown" in request.POST else None)
    consent.fields["consent"].label = agreed
    if consent.is_bound and consent.is_valid():
        try:
            sent = services.send_referral(
                pathway=pathway,
                door=door,
                facts=ReferralFacts(shown=consent.cleaned_data["shown"], **facts),
                consented=consent.cleaned_data["consent"],
                by=request.user,
                now=timezone.now(),
            )
        except DomainError as refusal:
            consent.add_error(None, str(refusal))
        else:
            messages.success(request, f"Orientation vers {door.name} enregistrée.")
            return redirect("operators:referral_detail", sent.uuid)
    context |= {"consent": consent, "text": text, "shown": wording.fingerprint(text), "facts": facts}
    return render(request, "operators/casework/referrals/referral_check.html", context)


def _contacts(pathway: Pathway) -> list[tuple[str, str]]:
    person = pathway.beneficiary
    known = (("phone", phone(person.phone) if person.phone else ""), ("email", person.email))
    return [(name, value) for name, value in known if value]
