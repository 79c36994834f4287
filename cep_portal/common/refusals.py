from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django gives it
    """The page shown when a form comes back without its token: nothing was saved, try again."""
    return render(request, "403_csrf.html", status=403)
