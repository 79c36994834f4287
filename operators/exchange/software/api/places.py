"""/api/v1/sites/ and /slots/: where and when a person can be received."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from operators.exchange.software import selectors
from operators.exchange.software.api import examples
from operators.exchange.software.api.description import answer, page_answer, refusals
from operators.exchange.software.api.endpoints import endpoint
from operators.exchange.software.api.inputs import own_site, read
from operators.exchange.software.api.paging import PageQuery, page
from operators.exchange.software.enums import Scope
from operators.exchange.software.serializers.places import SiteOut, SlotsOut, SlotsQuery, site_out, slot_out


@extend_schema(
    operation_id="lister_lieux",
    tags=["lieux"],
    summary="Lister les lieux",
    description="Les lieux ouverts de votre organisme.",
    parameters=[PageQuery],
    responses={200: page_answer(SiteOut, examples.SITE_OUT, "Vos lieux"), **refusals(422)},
)
@endpoint("GET", scope=Scope.SLOTS_READ, asks=(PageQuery,))
def sites(request: Request) -> Response:
    """The open sites of the operator."""
    return page(request, selectors.own_sites(user=request.user), site_out)


@extend_schema(
    operation_id="lister_creneaux",
    tags=["lieux"],
    summary="Lister les créneaux libres d’un lieu",
    description="Les heures que montre la page publique, chacune une fois, dans une fenêtre de quatre "
    "semaines au plus. Ce qui est montré peut être pris.",
    parameters=[SlotsQuery],
    responses={
        200: answer(SlotsOut, {"results": [examples.SLOT]}, "Les heures libres"),
        **refusals(404, 422),
    },
)
@endpoint("GET", scope=Scope.SLOTS_READ, a_minute=60, asks=(SlotsQuery,))
def slots(request: Request) -> Response:
    """The hours that the public page shows, in a window of four weeks at most."""
    query = read(SlotsQuery, request.query_params)
    now = timezone.now()
    starts, ends = query.check_window(now)
    asked = query.validated_data
    site_slots = selectors.site_slots(
        site=own_site(request, asked["site"]),
        starts=starts,
        ends=ends,
        level=asked["level"],
        mode=asked["mode"],
        access_needs=asked["access_needs"],
        now=now,
    )
    return Response({"results": [slot_out(slot) for slot in site_slots]})
