from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cep_portal.common import showcase
from cep_portal.common.access import public
from cep_portal.common.bodies import without_data

SITEMAP = {
    "Être conseillé": [
        ("Accueil", "beneficiaries:home"),
        ("Prendre rendez-vous", "beneficiaries:start"),
        ("Retrouver ma demande", "beneficiaries:request_find"),
        ("Le téléphone de votre région", "beneficiaries:operator_phone"),
        ("Lieux d’accueil", "operators:site_list"),
        ("Hors des 18 régions", "beneficiaries:elsewhere"),
        ("Vérifier un document", "documents:check"),
        ("Faire une réclamation", "beneficiaries:complaint_write"),
    ],
    "Votre espace": [("Se connecter", "account_login"), ("Recevoir un code", "beneficiaries:sign_in")],
    "À savoir": [
        ("Aide", "common:help"),
        ("Contact", "common:contact"),
        ("Accessibilité", "common:accessibility"),
        ("Données personnelles", "common:privacy"),
        ("Conditions d’utilisation", "common:terms"),
        ("Mentions légales", "common:legal_notice"),
    ],
}


def _legal_page(name: str) -> Any:
    @without_data
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
help_page = _legal_page("aide")
contact = _legal_page("contact")


@without_data
@public
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Where is everything? The public pages; names of upper apps, since this page imports none."""
    parts = [{"title": title, "links": _links(pages)} for title, pages in SITEMAP.items()]
    return render(request, "common/legal/plan_du_site.html", {"parts": parts})


SECURITY_TXT_DAYS = 180  # RFC 9116 advises less than a year; computed, so it never runs out


@without_data
@public
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- Django gives it
    """Whom to tell about a weakness (RFC 9116)? Absent until a contact is configured."""
    if not settings.PORTAL_SECURITY_CONTACT:
        raise Http404
    midnight = datetime.combine(timezone.now().astimezone(UTC), datetime.min.time(), UTC)
    lines = [
        f"Contact: {settings.PORTAL_SECURITY_CONTACT}",
        f"Expires: {midnight + timedelta(days=SECURITY_TXT_DAYS):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.PORTAL_BASE_URL}{reverse('common:security_txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _links(pages: Any) -> Any:
    links = []
    for label, name in pages:
        try:
            links.append({"label": label, "url": reverse(name)})
        except NoReverseMatch:
            continue
    return links


@public
@require_safe
def components_page(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for those who build pages; absent in production."""
    _refuse_in_service()
    return render(request, "common/components.html", showcase.context())


@public
@require_safe
def components_wait(request: HttpRequest) -> HttpResponse:
    """The progress component alone, as its own status address answers it."""
    _refuse_in_service()
    return render(request, "common/components_wait.html")


def _refuse_in_service() -> None:
    if not (settings.DEBUG or settings.COMPONENTS_PAGE):
        raise Http404
