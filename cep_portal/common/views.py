from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cep_portal.common import showcase
from cep_portal.common.access import public


def _legal_page(name: str):
    @public
    @require_safe
    def page(request: HttpRequest) -> HttpResponse:
        return render(request, f"common/legal/{name}.html")

    page.__name__ = name
    return page


accessibility = _legal_page("accessibilite")
legal_notice = _legal_page("mentions_legales")
privacy = _legal_page("donnees_personnelles")
terms = _legal_page("conditions")
sitemap = _legal_page("plan_du_site")
help_page = _legal_page("aide")
contact = _legal_page("contact")


@public
@require_safe
def components_page(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for those who build pages; absent in production."""
    if not (settings.DEBUG or settings.COMPONENTS_PAGE):
        raise Http404
    return render(request, "common/components.html", showcase.context())
