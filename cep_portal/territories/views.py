from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from cep_portal.common.access import public
from cep_portal.territories.forms import CommuneChoiceForm


@public
@require_safe
def commune_search(request: HttpRequest) -> HttpResponse:
    """Which communes answer to this name or postcode? The radios for htmx, a page without it."""
    form = CommuneChoiceForm(request.GET if "commune_text" in request.GET else None, typing=True)
    part = "commune_results" if request.htmx else "commune_search"  # type: ignore[attr-defined]  # set by django-htmx
    response = render(request, f"territories/{part}.html", {"form": form})
    patch_vary_headers(response, ["HX-Request"])
    return response
