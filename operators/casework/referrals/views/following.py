from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beneficiaries.request.presenters import they_read
from beneficiaries.request.selectors import refuse_closed
from beneficiaries.space.rules import has_space
from cep_portal.accounts.models import SignedRequest
from cep_portal.accounts.services import record_opening
from cep_portal.common.access import public, require
from cep_portal.common.errors import DomainError
from cep_portal.common.links import LostLink
from cep_portal.common.throttle import throttled
from operators.casework.pathways.gates import pass_gate
from operators.casework.referrals import links, presenters, rules, selectors, services
from operators.casework.referrals.enums import REFERRAL_TRANSITIONS, ReferralState
from operators.casework.referrals.forms import AnswerForm, ToldAnswerForm
from operators.casework.referrals.models import Referral

PER_PAGE = 30
GONE = 410


@require(rules.can_refer)
@require_safe
def referral_list(request: SignedRequest) -> HttpResponse:
    """Whose answer do I wait for?"""
    own, unanswered = request.GET.get("qui") != "tous", request.GET.get("etat") != "toutes"
    referrals = selectors.referral_list(user=request.user, own=own, unanswered=unanswered)
    page = Paginator(referrals, PER_PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "page": page,
        "rows": [presenters.row(referral, now=now) for referral in page],
        "filters": _filters(own=own, unanswered=unanswered),
        "unanswered": unanswered,
    }
    return render(request, "operators/casework/referrals/referral_list.html", context)


def _filters(*, own: bool, unanswered: bool) -> list[dict]:
    def item(label: str, *, is_own: bool, is_waiting: bool) -> dict:
        who, state = ("" if is_own else "tous"), ("" if is_waiting else "toutes")
        return {
            "label": label,
            "url": f"?qui={who}&etat={state}",
            "current": (is_own, is_waiting) == (own, unanswered),
        }

    return [
        {
            "label": "Conseiller",
            "items": [
                item("Les miennes", is_own=True, is_waiting=unanswered),
                item("Tout l’organisme", is_own=False, is_waiting=unanswered),
            ],
        },
        {
            "label": "État",
            "items": [
                item("Sans réponse", is_own=own, is_waiting=True),
                item("Toutes", is_own=own, is_waiting=False),
            ],
        },
    ]


@require(rules.can_refer)
@require_http_methods(["GET", "HEAD", "POST"])
def referral_detail(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """What was transmitted, and what came of it? The answer learnt by telephone is noted here."""
    referral = selectors.referral_of(user=request.user, uuid=uuid)
    if referral is None:
        raise Http404
    given = pass_gate(request, referral.pathway)
    record_opening(target=referral.pathway, by=request.user, now=timezone.now(), data=given)
    form = ToldAnswerForm(request.POST or None, states=_answers(referral))
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            services.answer_referral(referral=referral, **form.cleaned_data, by=request.user, now=now)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Réponse notée. {they_read(referral.pathway.beneficiary, at=now)}")
            return redirect("operators:referral_detail", uuid)
    context = {
        "referral": referral,
        "form": form,
        "row": presenters.row(referral, now=timezone.now()),
        "history": presenters.history(referral),
        "late_after": rules.late_after(referral.sent_at),
        "is_open": referral.state in ReferralState.open,
    }
    return render(request, "operators/casework/referrals/referral_detail.html", context)


def _answers(referral: Referral) -> set[str]:
    return set(REFERRAL_TRANSITIONS[ReferralState(referral.state)]) & set(ReferralState.answers)  # type: ignore[return-value]  # the same at run time


@require(rules.can_refer)
@require_POST
def referral_take_back(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """The person takes the agreement back, and says so to the adviser."""
    referral = selectors.referral_of(user=request.user, uuid=uuid)
    if referral is None:
        raise Http404
    pass_gate(request, referral.pathway)
    _withdraw(request, referral)
    return redirect("operators:referral_detail", uuid)


@require(has_space)
@require_POST
def referral_withdraw(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """The person takes the agreement back, from the personal space."""
    referral = selectors.referral_of(user=request.user, uuid=uuid)
    if referral is None:
        raise Http404
    _withdraw(request, referral)
    return redirect("beneficiaries:space_page", "orientations")


def _withdraw(request: SignedRequest, referral: Referral) -> None:
    try:
        services.withdraw_referral(referral=referral, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "C’est fait : l’accord est retiré.")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("change", limit=30, seconds=600)
def referral_answer(request: HttpRequest, signed: str) -> HttpResponse:
    """May this partner receive the person? The signed link is the key: no account."""
    uuid = links.unsign(signed)
    referral = selectors.referral_of_link(uuid=uuid) if uuid else None
    if referral is None:
        raise LostLink(was_read=uuid is not None, label="Revenir à l’accueil", url="/")
    refuse_closed(referral.pathway.beneficiary)
    now = timezone.now()
    if not rules.opens(referral, now=now):
        return render(
            request, "operators/casework/referrals/answer_over.html", {"state": referral.state}, status=GONE
        )
    form = AnswerForm(request.POST or None, states=_answers(referral))
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_referral(referral=referral, **form.cleaned_data, by=None, now=now)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Merci : votre réponse est transmise.")
            return redirect("operators:referral_answer", signed)
    return render(request, "operators/casework/referrals/answer.html", {"referral": referral, "form": form})
