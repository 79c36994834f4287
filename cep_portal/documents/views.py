from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_http_methods

from cep_portal.common.access import public
from cep_portal.common.throttle import count_try, throttled
from cep_portal.documents.forms import BytesForm, CheckForm
from cep_portal.documents.hooks import standing_of
from cep_portal.documents.models import StoredDocument
from cep_portal.documents.selectors import document_by_code, document_by_digest


@public
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("check_document", limit=30, seconds=600)
def check(request: HttpRequest) -> HttpResponse:
    """Which document do you want to check? By its code, or by the file itself."""
    form = CheckForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("documents:check", code=form.cleaned_data["code"])
    is_sent = request.method == "POST"
    sent = BytesForm(request.POST, request.FILES) if is_sent else BytesForm()
    context = {"form": form, "sent": sent, "is_unknown": False}
    if is_sent and sent.is_valid():
        count_try(request)
        document = document_by_digest(sent.digest())
        if document is not None:
            return _result(request, document, BytesForm(), is_same=True)
        context["is_unknown"] = True
    return render(request, "documents/check.html", context)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("check_document", limit=30, seconds=600)
def check_code(request: HttpRequest, code: str) -> HttpResponse:
    """Is this document authentic, and is my file that one? Nature, date, version: nothing personal."""
    document = document_by_code(code)
    if document is None:
        return render(request, "documents/check_code.html", {"document": None, "code": code}, status=404)
    is_sent = request.method == "POST"
    form = BytesForm(request.POST, request.FILES) if is_sent else BytesForm()
    if is_sent:
        count_try(request)
    is_same = constant_time_compare(form.digest(), document.sha256) if is_sent and form.is_valid() else None
    return _result(request, document, form, is_same=is_same)


def _result(
    request: HttpRequest, document: StoredDocument, form: BytesForm, *, is_same: bool | None
) -> HttpResponse:
    code = document.check_code
    context = {
        "document": document,
        "code": code,
        "standing": standing_of(document),
        "form": form,
        "is_same": is_same,
    }
    return render(request, "documents/check_code.html", context)
