from datetime import date
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beneficiaries.complaints import links, rules, selectors, services
from beneficiaries.complaints.documents import letter_pdf
from beneficiaries.complaints.enums import AnswerChannel, ComplaintState
from beneficiaries.complaints.forms import AnswerForm, ComplaintForm, ContestForm
from beneficiaries.complaints.models import Complaint, ComplaintContest
from beneficiaries.complaints.services import ComplaintFacts
from beneficiaries.request.forms import FindForm
from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import SignedRequest
from cep_portal.accounts.services import record_opening
from cep_portal.common.access import public, require
from cep_portal.common.errors import DomainError
from cep_portal.common.facts import grouped
from cep_portal.common.links import LostLink
from cep_portal.common.sent_once import sent_once
from cep_portal.common.throttle import count_try, throttled
from cep_portal.common.wording.numbers import plural
from cep_portal.documents.services import download
from procurement.contracts.models import Contract
from procurement.contracts.selectors import contract_in_force

PER_PAGE = 50
NOBODY = "Aucun organisme n’est désigné à ce jour pour cette commune. Donnez la référence de votre demande."


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("complaint", limit=5, seconds=3600)
@sent_once
def write(request: HttpRequest) -> HttpResponse:
    """I am not satisfied: whom do I write to, and what happens next?"""
    person = _person(request)
    contract = selectors.contract_of_person(person) if person else None
    form = ComplaintForm(
        request.POST or None, knows_contract=contract is not None, initial=_known_details(person)
    )
    if request.method == "POST" and form.is_valid():
        complaint = _receive(request, form, person, contract)
        if complaint is not None:
            return redirect(links.follow_path(complaint))
    context = {"form": form, "contract": contract}
    return render(request, "beneficiaries/complaint_write.html", context)


def _person(request: HttpRequest) -> Beneficiary | None:
    if not request.user.is_authenticated:
        return None
    return Beneficiary.objects.filter(user=request.user).first()


def _known_details(person: Beneficiary | None) -> dict:
    if person is None:
        return {}
    return {name: getattr(person, name) for name in ("first_name", "last_name", "email", "phone")}


WRITTEN = ("topic", "text", "first_name", "last_name", "channel", "email", "phone", "address", "key")


def _receive(
    request: HttpRequest, form: ComplaintForm, person: Beneficiary | None, contract: Contract | None
) -> Complaint | None:
    """Write the complaint; None with the form's errors."""
    values = dict(form.cleaned_data)
    contract = contract or _contract_of(form)
    if contract is None:
        form.add_error("commune_text", NOBODY)
        return None
    try:
        return services.write_complaint(
            contract=contract,
            **grouped({name: values[name] for name in WRITTEN}, facts=ComplaintFacts),
            beneficiary=person,
            by=request.user if request.user.is_authenticated else None,
            now=timezone.now(),
        )
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return None


def _contract_of(form: ComplaintForm) -> Contract | None:
    """The contract of the request first; else the one in force for the commune today."""
    if form.contract is not None:
        return form.contract
    commune = form.cleaned_data.get("commune")
    return contract_in_force(commune, on=timezone.localdate()) if commune else None


@public
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("find", limit=20, seconds=300)
def find(request: HttpRequest) -> HttpResponse:
    """Find a complaint again by its reference."""
    form = FindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        complaint = selectors.complaint_by_reference(form.cleaned_data["reference"])
        if complaint is not None:
            return redirect("beneficiaries:complaint_status", complaint.reference)
        count_try(request)
        form.add_error("reference", "Aucune réclamation ne porte cette référence. Vérifiez chaque signe.")
    return render(request, "beneficiaries/complaint_find.html", {"form": form})


@public
@never_cache
@require_safe
def status(request: HttpRequest, reference: str) -> HttpResponse:
    """Where is my complaint? Dates only: who has the reference learns neither name nor text."""
    complaint = selectors.complaint_by_reference(reference)
    if complaint is None:
        raise Http404
    if reference != complaint.reference:
        return redirect("beneficiaries:complaint_status", complaint.reference)
    return render(request, "beneficiaries/complaint_status.html", _facts(complaint))


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("complaint_contest", limit=10, seconds=600)
@sent_once
def follow(request: HttpRequest, signed: str) -> HttpResponse:
    """What was I answered? If it does not suit me, how do I reach the mediator?"""
    uuid = links.unsign(signed)
    complaint = selectors.complaint_by_uuid(uuid) if uuid else None
    if complaint is None:
        find = reverse("beneficiaries:complaint_find")
        raise LostLink(was_read=uuid is not None, label="Suivre ma réclamation", url=find)
    form = ContestForm(request.POST if request.method == "POST" else None)  # a reason is never due
    if request.method == "POST" and form.is_valid():
        try:
            services.contest_answer(complaint=complaint, now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return redirect("beneficiaries:complaint_follow", signed)
    return render(request, "beneficiaries/complaint_follow.html", {**_facts(complaint), "form": form})


def _facts(complaint: Complaint) -> dict:
    today, rounds = timezone.localdate(), selectors.rounds_of(complaint=complaint)
    answered = [contest for contest in rounds if contest.answered_at is not None]
    last: Complaint | ComplaintContest = answered[-1] if answered else complaint
    return {
        "complaint": complaint,
        "rounds": rounds,
        "last": last,
        "must_tell": rules.must_tell(complaint, told_at=last.told_at),
        "states": ComplaintState,
        "is_late": rules.is_late(complaint, on=today),
        "may_reach_mediator": rules.may_reach_mediator(complaint, on=today),
        "is_over": today > complaint.mediator_until_on,
        "mediator": settings.PORTAL_MEDIATOR,
    }


@require(rules.can_answer_complaints)
@require_safe
def complaint_list(request: SignedRequest) -> HttpResponse:
    """Who waits for my answer, and until when?"""
    state = request.GET.get("etat", "")
    state = state if state in ComplaintState else ""
    complaints = selectors.complaint_list(user=request.user, state=state)
    page = Paginator(complaints, PER_PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    context = {
        "page": page,
        "rows": [{"complaint": complaint, **_clock(complaint, today)} for complaint in page],
        "filters": _filters(state),
    }
    return render(request, "beneficiaries/complaint_list.html", context)


def _clock(complaint: Complaint, today: date) -> dict:
    """The age of a complaint and what is left of its month, in words with a colour."""
    left = (complaint.answer_due_on - today).days
    if complaint.is_contested:
        clock = "contestée, une réponse est attendue"
        return {"age": (today - complaint.received_on).days, "clock": clock, "tone": "warning"}
    if complaint.state != ComplaintState.RECEIVED:
        return {"age": (today - complaint.received_on).days, "clock": "", "tone": "neutral"}
    if left < 0:
        clock, tone = f"{-left} jour{plural(left)} de retard", "error"
    else:
        clock, tone = (
            f"{left} jour{plural(left)} pour répondre",
            "warning" if left <= max(rules.REMINDERS) else "info",
        )
    return {"age": (today - complaint.received_on).days, "clock": clock, "tone": tone}


def _filters(chosen: str) -> list[dict]:
    items = [
        {"label": label.capitalize(), "url": f"?etat={value}" if value else "?", "current": value == chosen}
        for value, label in [("", "Toutes"), *ComplaintState.choices]
    ]
    return [{"label": "État", "items": items}]


@require(rules.can_answer_complaints)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_detail(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """What is complained of, and what do we answer?"""
    complaint = _own(request, uuid)
    form = AnswerForm(request.POST or None)
    form.fields["answer"].required = complaint.erased_at is None  # of an erased person, it is only closed
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_complaint(
                complaint=complaint, now=timezone.now(), by=request.user, **form.cleaned_data
            )
        except DomainError as refusal:
            form.add_error("answer", str(refusal))
        else:
            if complaint.erased_at is not None:
                messages.success(request, "Réclamation classée.")
            elif complaint.channel in AnswerChannel.spoken:
                messages.success(request, "Réponse écrite. Il reste à la donner à la personne.")
                return redirect("beneficiaries:complaint_detail", uuid)
            else:
                messages.success(request, "Réponse écrite : un message l’annonce à la personne.")
            return redirect("beneficiaries:complaint_list")
    record_opening(target=complaint, by=request.user, now=timezone.now())
    context = {**_facts(complaint), **_clock(complaint, timezone.localdate()), "form": form}
    context["contest_form"] = ContestForm()
    return render(request, "beneficiaries/complaint_detail.html", context)


@require(rules.can_answer_complaints)
@require_POST
def complaint_told(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """The answer was said on the telephone, or the letter is posted."""
    complaint = _own(request, uuid)
    try:
        services.note_told(complaint=complaint, now=timezone.now(), by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "C’est noté, à votre nom et à cette heure.")
    return redirect("beneficiaries:complaint_detail", uuid)


@require(rules.can_answer_complaints)
@require_POST
@sent_once
def complaint_contest(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """The person says by telephone or by letter that the answer does not suit, and why."""
    complaint = _own(request, uuid)
    form = ContestForm(request.POST)
    if form.is_valid():
        try:
            services.contest_answer(
                complaint=complaint, now=timezone.now(), by=request.user, **form.cleaned_data
            )
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Le désaccord est noté : une nouvelle réponse est attendue.")
    else:
        messages.error(request, str(form.errors["reason"][0]))
    return redirect("beneficiaries:complaint_detail", uuid)


@require(rules.can_answer_complaints)
@require_safe
def complaint_letter(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """The last answer as a letter to print, for who asked for one."""
    complaint = _own(request, uuid)
    facts = _facts(complaint)
    if not facts["last"].answer:
        return redirect("beneficiaries:complaint_detail", uuid)
    record_opening(target=complaint, by=request.user, now=timezone.now())
    return download(letter_pdf(facts), name="reponse.pdf", media_type="application/pdf")


def _own(request: SignedRequest, uuid: UUID) -> Complaint:
    visible = Complaint.objects.visible_to(request.user).select_related("contract__holder", "contract__lot")
    return get_object_or_404(visible, uuid=uuid)


@require(rules.can_count_complaints)
@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """How many complaints, and which wait for over a month? No name, no text."""
    today = timezone.localdate()
    late = Paginator(selectors.late_complaints(on=today), PER_PAGE).get_page(request.GET.get("page"))
    context = {"contracts": selectors.totals_by_contract(on=today), "page": late, "today": today}
    return render(request, "beneficiaries/complaint_counts.html", context)
