"""/api/v1/references/: what codes mean. A strong tag tells that nothing changed for less than the answer."""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from json import dumps

from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from operators.exchange.software import selectors
from operators.exchange.software.api import examples
from operators.exchange.software.api.description import ETAG, IF_NONE_MATCH, answer, refusals
from operators.exchange.software.api.endpoints import endpoint
from operators.exchange.software.api.inputs import read
from operators.exchange.software.serializers import references as shapes

TAG = ["references"]
SHAPE = "1"  # of these answers: another one is another tag
FRESH = "private, max-age=3600"
UNCHANGED = {304: OpenApiResponse(description="Rien n’a changé : gardez la vôtre")}


@extend_schema(
    operation_id="lire_listes",
    tags=TAG,
    summary="Lire les listes fermées",
    description="Chaque liste de l’API avec ses codes, stables, et leurs mots.",
    parameters=[IF_NONE_MATCH, ETAG],
    responses={200: answer(shapes.ListsOut, examples.LISTS, "Les listes"), **UNCHANGED, **refusals()},
)
@endpoint("GET", scope=None)
def lists(request: Request) -> HttpResponse | Response:
    """Every closed list; it only changes with the code."""
    return _unless_same(request, _trace_of_lists(), shapes.lists_out)


@cache
def _trace_of_lists() -> str:
    return sha256(dumps(shapes.lists_out()).encode()).hexdigest()


@extend_schema(
    operation_id="lister_regions",
    tags=TAG,
    summary="Lister les régions",
    description="Les dix-huit, avec leur fuseau.",
    parameters=[IF_NONE_MATCH, ETAG],
    responses={200: answer(shapes.RegionsOut, examples.REGIONS, "Les régions"), **UNCHANGED, **refusals()},
)
@endpoint("GET", scope=None)
def regions(request: Request) -> HttpResponse | Response:
    """The eighteen regions."""
    return _unless_same(
        request,
        selectors.trace_of_regions(),
        lambda: {"results": [shapes.region_out(region) for region in selectors.regions()]},
    )


@extend_schema(
    operation_id="lister_departements",
    tags=TAG,
    summary="Lister les départements",
    description="Avec leur région et leur fuseau.",
    parameters=[IF_NONE_MATCH, ETAG],
    responses={
        200: answer(shapes.DepartmentsOut, examples.DEPARTMENTS, "Les départements"),
        **UNCHANGED,
        **refusals(),
    },
)
@endpoint("GET", scope=None)
def departments(request: Request) -> HttpResponse | Response:
    """The departments, with their region."""
    return _unless_same(
        request,
        selectors.trace_of_departments(),
        lambda: {"results": [shapes.department_out(department) for department in selectors.departments()]},
    )


@extend_schema(
    operation_id="lister_communes",
    tags=TAG,
    summary="Lister les communes d’un département",
    description="Code INSEE, nom et codes postaux. Un département à la fois, en entier.",
    parameters=[shapes.CommunesQuery, IF_NONE_MATCH, ETAG],
    responses={
        200: answer(shapes.CommunesOut, examples.COMMUNES, "Les communes"),
        **UNCHANGED,
        **refusals(422),
    },
)
@endpoint("GET", scope=None, asks=(shapes.CommunesQuery,))
def communes(request: Request) -> HttpResponse | Response:
    """The communes of a department: 900 at most."""
    department = read(shapes.CommunesQuery, request.query_params).validated_data["department"]
    return _unless_same(
        request,
        selectors.trace_of_communes(department=department),
        lambda: {
            "results": [
                shapes.commune_out(commune) for commune in selectors.communes_of(department=department)
            ]
        },
    )


def _unless_same(request: Request, trace: str, make: Callable[[], dict]) -> HttpResponse | Response:
    """304 for who has this very answer; made, and sent with its tag, for the others."""
    tag = f'"{SHAPE}{trace}"'
    answered = get_conditional_response(request, etag=tag)
    if answered is None:
        answered = Response(make())
    answered["ETag"], answered["Cache-Control"] = tag, FRESH
    return answered
