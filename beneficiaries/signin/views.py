from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from beneficiaries.request.errors import CodeExhausted, CodeExpired, CodeUsed
from beneficiaries.request.forms import CodeForm
from beneficiaries.request.models import Beneficiary
from beneficiaries.signin import selectors, services
from beneficiaries.signin.errors import FileToChoose
from beneficiaries.signin.forms import SignInForm, WhoForm
from beneficiaries.signin.models import SignInCode
from beneficiaries.signin.rules import SESSION_KEY
from cep_portal.accounts.services import sign_in_by_code
from cep_portal.common.access import public
from cep_portal.common.errors import DomainError
from cep_portal.common.throttle import throttled
from cep_portal.common.wording.dates import long_day


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("send_code", limit=10, seconds=600)
def sign_in(request: HttpRequest) -> HttpResponse:
    """How do I enter my space? By a code to my address or my mobile, whoever booked for me."""
    if request.user.is_authenticated:
        return redirect("desk")
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            code = services.send_sign_in_code(now=timezone.now(), **form.cleaned_data["contact"])
        except DomainError as refusal:
            form.add_error("contact", str(refusal))
        else:
            after = request.GET.get("next", "")
            safe = get_adapter(request).is_safe_url(after)
            request.session[SESSION_KEY] = {"code": str(code.uuid), "next": after if safe else ""}
            return redirect("beneficiaries:sign_in_code")
    return render(request, "beneficiaries/sign_in.html", {"form": form})


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("confirm_code", limit=20, seconds=600)
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Copy the code; nothing said before whether anybody is known there."""
    code = _code_of(request)
    if code is None:
        return redirect("beneficiaries:sign_in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            behind = services.prove_sign_in_code(
                sign_in_code=code, code=form.cleaned_data["code"], now=timezone.now()
            )
        except DomainError as refusal:
            form.add_error("code", str(refusal))
        else:
            if not behind.people:
                context = {"sign_in_code": code, "is_agent": behind.serves_agent}
                return render(request, "beneficiaries/sign_in_nobody.html", context)
            if behind.needs_name:
                return redirect("beneficiaries:sign_in_who")
            return _enter(request, code, {})
    return render(request, "beneficiaries/sign_in_code.html", {"form": form, "sign_in_code": code})


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("confirm_code", limit=20, seconds=600)
def sign_in_who(request: HttpRequest) -> HttpResponse:
    """Who am I? Asked when the contact alone does not say; no name is ever shown."""
    code = _code_of(request)
    if code is None or code.proved_at is None:
        return redirect("beneficiaries:sign_in")
    form = WhoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _enter(request, code, form.cleaned_data)
        except FileToChoose as question:
            form = WhoForm(request.POST, files=_choices(question.people))
        except (CodeExpired, CodeExhausted, CodeUsed) as refusal:
            messages.error(request, str(refusal))
            return redirect("beneficiaries:sign_in")
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    return render(request, "beneficiaries/sign_in_who.html", {"form": form, "sign_in_code": code})


def _code_of(request: HttpRequest) -> SignInCode | None:
    """The code that this browser asked for; copied elsewhere, it opens nothing."""
    kept = request.session.get(SESSION_KEY)
    return selectors.code_of(uuid=kept["code"]) if kept else None


def _choices(files: list[Beneficiary]) -> list[tuple[str, str]]:
    """One's own files, told apart by their first day alone."""
    return [
        (str(person.uuid), f"Dossier ouvert le {long_day(timezone.localtime(person.created_at))}")
        for person in files
    ]


def _enter(request: HttpRequest, code: SignInCode, who: dict[str, Any]) -> HttpResponse:
    user = services.open_space(sign_in_code=code, now=timezone.now(), **who)
    kept = request.session.pop(SESSION_KEY)
    contact = {"phone": code.phone} if code.by_sms else {"email": code.email}
    return sign_in_by_code(request, user=user, contact=contact, to=kept["next"])
