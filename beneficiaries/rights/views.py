from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from beneficiaries.request.models import Beneficiary
from beneficiaries.rights import links, selectors, services
from beneficiaries.rights.enums import CodePurpose, ExportState
from beneficiaries.rights.forms import CodeForm, EmailForm, IdentityForm
from beneficiaries.rights.models import DataExport, PersonCode
from beneficiaries.rights.rules import has_rights
from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import public, require
from cep_portal.common.errors import DomainError
from cep_portal.common.links import LostLink
from cep_portal.common.sent_once import sent_once
from cep_portal.common.throttle import throttled
from cep_portal.documents.services import file_response
from cep_portal.messaging.selectors import was_written

PER_PAGE = 30


@require(has_rights)
@require_safe
def openings(request: SignedRequest) -> HttpResponse:
    """Who opened my file?"""
    person = _person(request)
    lines = selectors.opening_lines(beneficiary=person)
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    rows = selectors.openings(beneficiary=person, lines=list(page.object_list))
    return render(request, "beneficiaries/rights_openings.html", {"page": page, "rows": rows})


@require(has_rights)
@require_safe
def my_data(request: SignedRequest) -> HttpResponse:
    """What is kept about me, and what can I do with it?"""
    person = _person(request)
    latest = selectors.latest_export(beneficiary=person)
    now = timezone.now()
    context = {
        "person": person,
        "email_line": _with_proof(person.email, person.email_verified_at),
        "phone_line": _with_proof(person.phone, person.phone_verified_at),
        "export": latest,
        "export_state": latest.state(now=now) if latest else None,
        "states": ExportState,
        "corrections": selectors.corrections(beneficiary=person),
    }
    return render(request, "beneficiaries/rights_data.html", context)


def _with_proof(contact: str, proved_at: datetime | None) -> str:
    """A contact that nobody proved by a code opens no space alone: its person should know."""
    return f"{contact} (non confirmé)" if contact and proved_at is None else contact or "—"


@require(has_rights)
@require_http_methods(["GET", "HEAD", "POST"])
def rectify(request: SignedRequest) -> HttpResponse:
    """Correct my name or my phone."""
    person = _person(request)
    present = {name: getattr(person, name) for name in ("first_name", "last_name", "phone")}
    form = IdentityForm(request.POST or None, present=present)
    if request.method == "POST" and form.is_valid():
        try:
            services.rectify_identity(
                beneficiary=person,
                seen=form.as_seen(),
                now=timezone.now(),
                by=request.user,
                **form.cleaned_data,
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "C’est corrigé.")
            return redirect("beneficiaries:my_data")
    return render(request, "beneficiaries/rights_rectify.html", {"form": form})


@require(has_rights)
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("send_code", limit=10, seconds=600)
def email_change(request: SignedRequest) -> HttpResponse:
    """Receive a code at my new address."""
    person = _person(request)
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            code = services.ask_email_change(beneficiary=person, now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error("email", str(refusal))
        else:
            return redirect("beneficiaries:email_code", code.uuid)
    return render(request, "beneficiaries/rights_email.html", {"form": form, "person": person})


@require(has_rights)
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("confirm_code", limit=20, seconds=600)
def email_code(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Copy the code read at the new address."""
    person_code = _code(request, uuid, CodePurpose.EMAIL)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            services.confirm_email_change(
                person_code=person_code,
                code=form.cleaned_data["code"],
                session_key=request.session.session_key or "",
                now=now,
                by=request.user,
            )
        except DomainError as refusal:
            form.add_error("code", str(refusal))
        else:
            told = was_written(at=now, person_key=str(person_code.beneficiary.uuid))
            to_former = " Nous l’écrivons à l’ancienne." if told else ""
            messages.success(request, f"Votre adresse est changée.{to_former}")
            return redirect("beneficiaries:my_data")
    return render(request, "beneficiaries/rights_code.html", {"form": form, "person_code": person_code})


@require(has_rights)
@require_POST
@throttled("export", limit=10, seconds=3600)
@sent_once
def export_ask(request: SignedRequest) -> HttpResponse:
    """Make the copy of my data."""
    asked = services.ask_export(beneficiary=_person(request), now=timezone.now(), by=request.user)
    return redirect("beneficiaries:export", asked.uuid)


@require(has_rights)
@require_safe
def export(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Is my copy ready?"""
    data_export = _export(request, uuid)
    context = {"export": data_export, "state": data_export.state(now=timezone.now()), "states": ExportState}
    return render(request, "beneficiaries/rights_export.html", context)


@require(has_rights)
@require_safe
def export_status(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """The progress alone, asked again by htmx; the page reloads itself once there is an end."""
    data_export = _export(request, uuid)
    if data_export.state(now=timezone.now()) != ExportState.RUNNING:
        return HttpResponseClientRefresh()
    return render(request, "beneficiaries/rights_export_status.html", {"export": data_export})


@require(has_rights)
@require_safe
def export_download(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """The archive, for the person alone, until it is withdrawn."""
    data_export = _export(request, uuid)
    if data_export.document is None or data_export.state(now=timezone.now()) != ExportState.READY:
        return redirect("beneficiaries:export", data_export.uuid)
    return file_response(data_export.document)


@require(has_rights)
@require_http_methods(["GET", "HEAD", "POST"])
def restrict(request: SignedRequest) -> HttpResponse:
    """Freeze my file, or open it again."""
    person = _person(request)
    refusal = ""
    if request.method == "POST":
        act = services.lift_restriction if person.restricted_at else services.restrict_file
        try:
            act(beneficiary=person, now=timezone.now(), by=request.user)
        except DomainError as refused:
            refusal = str(refused)
        else:
            messages.success(
                request, "Votre dossier est rouvert." if person.restricted_at else "Votre dossier est gelé."
            )
            return redirect("beneficiaries:my_data")
    return render(request, "beneficiaries/rights_restrict.html", {"person": person, "refusal": refusal})


@require(has_rights)
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("send_code", limit=10, seconds=600)
def erase(request: SignedRequest) -> HttpResponse:
    """What will be erased, what will stay? Then receive the code that confirms."""
    person = _person(request)
    refusal = ""
    if request.method == "POST":
        try:
            code = services.ask_erasure(beneficiary=person, now=timezone.now())
        except DomainError as refused:
            refusal = str(refused)
        else:
            return redirect("beneficiaries:erase_code", code.uuid)
    return render(request, "beneficiaries/rights_erase.html", {"person": person, "refusal": refusal})


@require(has_rights)
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("confirm_code", limit=20, seconds=600)
def erase_code(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Copy the code: everything is erased at once, and the account is closed."""
    person_code = _code(request, uuid, CodePurpose.ERASURE)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.erase_by_code(
                person_code=person_code,
                code=form.cleaned_data["code"],
                now=timezone.now(),
                by=request.user,
            )
        except DomainError as refusal:
            form.add_error("code", str(refusal))
        else:
            logout(request)
            return redirect("beneficiaries:erased")
    return render(request, "beneficiaries/rights_code.html", {"form": form, "person_code": person_code})


@public
@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    """It is done: nothing names me any more."""
    return render(request, "beneficiaries/rights_erased.html")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("keep", limit=20, seconds=600)
def file_keep(request: HttpRequest, signed: str) -> HttpResponse:
    """Keep my file: the link of the warning. Nothing of the file is shown."""
    uuid = links.unsign(signed)
    person = Beneficiary.objects.filter(uuid=uuid, erased_at__isnull=True).first() if uuid else None
    if person is None:
        raise LostLink(
            was_read=uuid is not None, label="Faire une demande", url=reverse("beneficiaries:start")
        )
    if request.method == "POST":
        services.keep_file(beneficiary=person, now=timezone.now(), by=None)
        return render(request, "beneficiaries/rights_kept.html")
    return render(request, "beneficiaries/rights_keep.html")


def _person(request: SignedRequest) -> Beneficiary:
    """The person signed in; without a file yet, there is nothing to give, correct or erase."""
    person = selectors.person_of(user=request.user)
    if person is None:
        raise Http404
    return person


def _export(request: SignedRequest, uuid: UUID) -> DataExport:
    data_export = selectors.export_of(user=request.user, uuid=uuid)
    if data_export is None:
        raise Http404
    return data_export


def _code(request: SignedRequest, uuid: UUID, purpose: str) -> PersonCode:
    person_code = selectors.code_of(user=request.user, uuid=uuid)
    if person_code is None or person_code.purpose != purpose:
        raise Http404
    return person_code
