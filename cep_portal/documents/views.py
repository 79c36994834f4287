from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cep_portal.common.access import public
from cep_portal.documents.forms import CheckForm
from cep_portal.documents.selectors import document_by_code


@public
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Which document do you want to check? Ask for its code."""
    form = CheckForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("documents:check", code=form.cleaned_data["code"])
    return render(request, "documents/check.html", {"form": form})


@public
@require_safe
def check_code(request: HttpRequest, code: str) -> HttpResponse:
    """Is this document authentic? Valid or unknown, nature, date, version: nothing personal."""
    document = document_by_code(code)
    return render(
        request,
        "documents/check_code.html",
        {"document": document, "code": code},
        status=200 if document else 404,
    )
