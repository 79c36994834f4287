from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from operators.casework.pathways import rules, selectors
from operators.casework.pathways.enums import PathwayState
from operators.casework.pathways.forms import PathwaySearchForm

PER_PAGE = 30
SEARCH_KEY = "pathway_search"


@require(rules.can_read_pathways)
@require_http_methods(["GET", "HEAD", "POST"])
def pathway_list(request: SignedRequest) -> HttpResponse:
    """Whom do I follow? Search by name in one's own pathways or the organisation's.

    The name is sent and kept in the session: in the address, every journal on the way would keep it.
    """
    if request.method == "POST":
        return _keep_search(request)
    search = request.session.get(SEARCH_KEY, "")
    own = request.GET.get("qui") != "tous"
    state = {"en-cours": PathwayState.OPEN, "clos": PathwayState.CLOSED}.get(request.GET.get("etat", ""), "")
    pathways = selectors.pathway_list(user=request.user, search=search, own=own, state=state)
    context = {
        "page": Paginator(pathways, PER_PAGE).get_page(request.GET.get("page")),
        "form": PathwaySearchForm(initial={"recherche": search}),
        "search": search,
        "filters": _filters(request),
        "everywhere": "?qui=tous",
    }
    return render(request, "operators/casework/pathways/pathway_list.html", context)


def _keep_search(request: HttpRequest) -> HttpResponse:
    asked = PathwaySearchForm(request.POST)
    request.session[SEARCH_KEY] = asked.cleaned_data["recherche"] if asked.is_valid() else ""
    query = request.GET.copy()
    query.pop("page", None)
    return redirect(f"{request.path}?{query.urlencode()}" if query else request.path)


def _filters(request: HttpRequest) -> list[dict]:
    choices = {
        "qui": ("Conseiller", [("", "Mes parcours"), ("tous", "Tout l’organisme")]),
        "etat": ("État", [("", "Tous"), ("en-cours", "En cours"), ("clos", "Clos")]),
    }
    return [
        {
            "label": label,
            "items": [_filter(request, name, value, text) for value, text in options],
        }
        for name, (label, options) in choices.items()
    ]


def _filter(request: HttpRequest, name: str, value: str, label: str) -> dict:
    query = request.GET.copy()
    query.pop("page", None)
    query[name] = value
    present = request.GET.get(name, "")
    return {"label": label, "url": f"?{query.urlencode()}", "current": present == value}
