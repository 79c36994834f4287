from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from beneficiaries.request import selectors, services
from beneficiaries.request.documents import issue_attestation
from beneficiaries.request.enums import AccessNeed, RequestState
from beneficiaries.request.forms import CodeForm, ContactForm, FindForm
from beneficiaries.request.hooks import Fact, NextStep, facts_of, next_steps
from beneficiaries.request.models import ContactCode, ServiceRequest
from beneficiaries.request.rules import holds_request
from cep_portal.common.access import public
from cep_portal.common.errors import DomainError
from cep_portal.common.throttle import count_try, throttled
from cep_portal.common.wording.dates import long_instant
from cep_portal.documents.services import read_document

HEADINGS = {
    RequestState.REGISTERED: "Votre demande est enregistrée",
    RequestState.SCHEDULED: "Un rendez-vous a été pris",
    RequestState.SERVED: "Vous avez rencontré un conseiller",
}
NOT_FOUND = "Aucune demande ne porte cette référence. Vérifiez chaque signe."


@public
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("find", limit=20, seconds=300)
def request_find(request: HttpRequest) -> HttpResponse:
    """Find a request again by its reference."""
    form = FindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reference = form.cleaned_data["reference"]
        if selectors.request_by_reference(reference):
            return redirect("beneficiaries:request", reference)
        count_try(request)
        form.add_error("reference", NOT_FOUND)
    return render(request, "beneficiaries/request_find.html", {"form": form})


@public
@never_cache
@require_safe
def request_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """Where is my request, what happens next? Nothing personal for who only has the reference."""
    service_request = _asked(request, reference)
    if not service_request.is_written:
        return redirect(
            next_steps(service_request=service_request, is_holder=True, now=timezone.now())[0].url
        )
    if reference != service_request.reference:
        return redirect("beneficiaries:request", service_request.reference)
    is_holder = _is_holder(request, service_request)
    known: dict[str, Any] = {
        "service_request": service_request,
        "is_holder": is_holder,
        "now": timezone.now(),
    }
    person = service_request.beneficiary
    steps = next_steps(**known)
    context: dict[str, Any] = {
        "service_request": service_request,
        "is_closed": person is not None and person.is_closed,
        "is_erased": person is not None and person.erased_at is not None,
        "heading": _heading(service_request, steps),
        "rows": _rows(service_request, is_holder=is_holder),
        "is_holder": is_holder,
        "facts": [*_own_facts(service_request, is_holder=is_holder), *facts_of(**known)],
        "steps": steps,
        "zone": service_request.commune.department.zone,
    }
    context["facts"].sort(key=lambda fact: fact.at)
    return render(request, "beneficiaries/request_detail.html", context)


def _heading(service_request: ServiceRequest, steps: list[NextStep]) -> str:
    """Where the request stands: what is left to do first, nobody takes a step for the end."""
    if service_request.state != RequestState.SERVED and steps and steps[0].heading:
        return steps[0].heading
    return HEADINGS[RequestState(service_request.state)]


def _own_facts(service_request: ServiceRequest, *, is_holder: bool) -> list[Fact]:
    facts = [Fact(service_request.requested_at, "Demande enregistrée. Cette date ne changera pas.")]
    if is_holder and service_request.attestation is not None:
        facts.append(Fact(service_request.attestation.issued_at, "Attestation émise."))
    return facts


def _rows(service_request: ServiceRequest, *, is_holder: bool) -> list[dict]:
    place = service_request.commune
    rows = [
        ("Demandée le", long_instant(service_request.requested_at, place.department.zone)),
        ("Qui vous reçoit", service_request.contract.holder.name),
    ]
    if is_holder:
        rows += [
            ("Votre commune", f"{place.name} ({place.department.code})"),
            ("Ce qui vous amène", service_request.needs_label),
            ("Une date approche ?", service_request.get_urgency_display()),
            ("Votre accueil", _welcome(service_request)),
        ]
    return [{"label": label, "value": value} for label, value in rows]


def _welcome(service_request: ServiceRequest) -> str:
    labels = [AccessNeed(value).label for value in service_request.access_needs]
    return ", ".join(labels) or "Rien de particulier"


def _asked(request: HttpRequest, reference: str) -> ServiceRequest:
    """Written, or under way in this session."""
    service_request = selectors.asked_here(
        reference=reference, session=request.session, user=request.user, now=timezone.now()
    )
    if service_request is None:
        raise Http404
    return service_request


def _found(reference: str) -> ServiceRequest:
    service_request = selectors.request_by_reference(reference)
    if service_request is None:
        raise Http404
    return service_request


def _is_holder(request: HttpRequest, service_request: ServiceRequest) -> bool:
    return holds_request(service_request, user=request.user, session=request.session)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("send_code", limit=10, seconds=600)
def contact(request: HttpRequest, reference: str) -> HttpResponse:
    """Give contact details to receive the attestation, with or without an appointment."""
    service_request = _asked(request, reference)
    if service_request.beneficiary is not None:
        return redirect("beneficiaries:request", service_request.reference)
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            service_request = _write(request, service_request)
            contact_code = services.send_contact_code(
                service_request=service_request, now=timezone.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("beneficiaries:request_code", service_request.reference, contact_code.uuid)
    context = {"form": form, "service_request": service_request}
    return render(request, "beneficiaries/request_contact.html", context)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("confirm_code", limit=20, seconds=600)
def code(request: HttpRequest, reference: str, uuid: UUID) -> HttpResponse:
    """Copy the code that was sent; the right one attaches the request to the person."""
    service_request = _found(reference)
    contact_code = selectors.contact_code_of(service_request=service_request, uuid=uuid)
    if contact_code is None:
        raise Http404
    if contact_code.used_at is not None:
        return redirect("beneficiaries:request", service_request.reference)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _confirm(request, form, contact_code):
        messages.success(request, "C’est bien vous : c’est confirmé.")
        return redirect("beneficiaries:request", service_request.reference)
    context = {"form": form, "contact_code": contact_code, "service_request": service_request}
    return render(request, "beneficiaries/request_code.html", context)


def _write(request: HttpRequest, service_request: ServiceRequest) -> ServiceRequest:
    return services.write_here(
        service_request=service_request, session=request.session, user=request.user, now=timezone.now()
    )


def _confirm(request: HttpRequest, form: CodeForm, contact_code: ContactCode) -> bool:
    try:
        services.confirm_contact_code(
            contact_code=contact_code, code=form.cleaned_data["code"], now=timezone.now()
        )
    except DomainError as refusal:
        form.add_error("code", str(refusal))
        return False
    services.prove_request(session=request.session, service_request=contact_code.service_request)
    return True


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("send_code", limit=10, seconds=600)
def prove(request: HttpRequest, reference: str) -> HttpResponse:
    """Back with the reference alone: a code to the contact once proved opens the request here too."""
    service_request = _found(reference)
    if request.method != "POST" or _is_holder(request, service_request):
        return redirect("beneficiaries:request", service_request.reference)
    try:
        contact_code = services.send_proof_code(service_request=service_request, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("beneficiaries:request", service_request.reference)
    return redirect("beneficiaries:request_code", service_request.reference, contact_code.uuid)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("attestation", limit=20, seconds=600)
def attestation(request: HttpRequest, reference: str) -> HttpResponse:
    """POST makes the attestation, once; GET gives it. For its holder only: others get a 404."""
    service_request = _asked(request, reference)
    if not _is_holder(request, service_request):
        raise Http404
    if request.method == "POST":
        try:
            service_request = _write(request, service_request)
            issue_attestation(service_request=service_request, now=timezone.now())
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect("beneficiaries:request_contact", service_request.reference)
        return redirect("beneficiaries:attestation", service_request.reference)
    if service_request.attestation is None:
        return redirect("beneficiaries:request", service_request.reference)
    return _file(service_request)


def _file(service_request: ServiceRequest) -> HttpResponse:
    document = service_request.attestation
    return HttpResponse(
        read_document(document),  # type: ignore[arg-type]  # the page asked for it before
        content_type=document.media_type,  # type: ignore[union-attr]  # the page asked for it before
        headers={
            "Content-Disposition": f'attachment; filename="{document.file_name}"',  # type: ignore[union-attr]  # the page asked for it before
            "Cache-Control": "no-store",
        },
    )
