from contextlib import suppress
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_http_methods, require_POST, require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import public, require
from cep_portal.common.page_parts import shown_parts
from cep_portal.common.sent_once import sent_once
from operators.exchange.software import rules, selectors, services
from operators.exchange.software.api import guide
from operators.exchange.software.api.description import TAGS, described_bytes, same_for_all
from operators.exchange.software.enums import Scope
from operators.exchange.software.errors import ClientAlreadyRevoked
from operators.exchange.software.forms import ClientForm
from operators.exchange.software.hooks import PARTS, ReadIntegrations
from operators.exchange.software.models import ApiClient


@require(rules.can_manage_integrations)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def integration_list(request: SignedRequest) -> HttpResponse:
    """Which software acts for us, and with which rights? A new one's secret is shown this once."""
    form = ClientForm(request.POST or None)
    created = secret = None
    if request.method == "POST" and form.is_valid():
        created, secret = services.create_client(by=request.user, now=timezone.now(), **form.cleaned_data)
        form = ClientForm()
    rows = [
        {"client": client, "scopes": ", ".join(Scope(value).label for value in client.scopes)}
        for client in selectors.own_clients(user=request.user)
    ]
    context = {
        "rows": rows,
        "form": form,
        "created": created,
        "secret": secret,
        "sections": shown_parts(PARTS, ReadIntegrations(request.user, timezone.now())),
        "token_url": request.build_absolute_uri(reverse("operators:api_token")),
    }
    return render(request, "operators/exchange/software/integration_list.html", context)


@require(rules.can_manage_integrations)
@require_POST
def integration_revoke(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """End a software's access at once."""
    client = get_object_or_404(ApiClient.objects.visible_to(request.user), uuid=uuid)
    with suppress(ClientAlreadyRevoked):  # two managers, one revocation
        services.revoke_client(client=client, by=request.user, now=timezone.now())
    return redirect("operators:integration_list")


@public
@require_safe
@cache_control(public=True, max_age=3600)
@condition(etag_func=same_for_all)
def api_schema(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- the same for all
    """The OpenAPI description, for programs."""
    return HttpResponse(described_bytes(), content_type="application/json")


@public
@require_safe
def api_guide(request: HttpRequest) -> HttpResponse:
    """What can our software do here, and how does it begin?"""
    return render(request, "operators/exchange/software/api_guide.html", {"families": guide.families()})


@public
@require_safe
def api_family(request: HttpRequest, family: str) -> HttpResponse:
    """What does each operation of this family take and answer?"""
    if family not in TAGS:
        raise Http404
    return render(request, "operators/exchange/software/api_family.html", guide.family(family))
