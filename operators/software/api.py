"""/api/v1/: the same rules, selectors and services as the pages, for an operator's own software."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

from cep_portal.common.access import public
from operators.agenda.errors import SlotTaken
from operators.agenda.models import Appointment
from operators.network.models import Site
from operators.software import selectors, services
from operators.software import serializers as shapes
from operators.software.endpoints import ClientSecret, endpoint
from operators.software.enums import Scope
from operators.software.problems import slot_taken
from operators.software.rules import TOKEN_LIFETIME

KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, required=True, description="La même clé réserve une fois"
)
REFUSED = {
    401: OpenApiResponse(description="Jeton absent, périmé ou révoqué"),
    403: OpenApiResponse(description="Droit manquant"),
    409: OpenApiResponse(description="Refusé, avec la raison : application/problem+json"),
    422: OpenApiResponse(description="Valeurs à corriger, champ par champ"),
    429: OpenApiResponse(description="Trop d’appels : voir Retry-After"),
}
LONGEST_KEY = 100

schema = public(SpectacularJSONAPIView.as_view())


class Pages(PageNumberPagination):
    page_size = 100


@extend_schema(
    summary="Demander un jeton d’une heure",
    request=shapes.TokenIn,
    responses={200: shapes.TokenOut, **REFUSED},
)
@endpoint("POST", scope=None, a_minute=20, by=ClientSecret)
def token(request: Request) -> Response:
    """OAuth 2.0, client credentials: the identifier and the secret by HTTP Basic."""
    _read(shapes.TokenIn, request.data)
    facts = {
        "access_token": services.issue_token(client=request.user.client, now=timezone.now()),
        "token_type": "Bearer",
        "expires_in": int(TOKEN_LIFETIME.total_seconds()),
    }
    return Response(facts, headers={"Cache-Control": "no-store"})


@extend_schema(summary="Lister les lieux", responses={200: shapes.SiteOut(many=True), **REFUSED})
@endpoint("GET", scope=Scope.SLOTS_READ)
def sites(request: Request) -> Response:
    """The open sites of the operator."""
    return Response([shapes.site_out(one) for one in selectors.own_sites(user=request.user)])


@extend_schema(
    summary="Lister les créneaux libres d’un lieu",
    parameters=[shapes.SlotsQuery],
    responses={200: shapes.SlotOut(many=True), **REFUSED},
)
@endpoint("GET", scope=Scope.SLOTS_READ, a_minute=60)
def slots(request: Request) -> Response:
    """The hours that the public page shows, in a window of four weeks at most."""
    query = _read(shapes.SlotsQuery, request.query_params)
    now = timezone.now()
    starts, ends = query.check_window(now)
    asked = query.validated_data
    found = selectors.site_slots(
        site=_site(request, asked["site"]),
        starts=starts,
        ends=ends,
        level=asked["level"],
        mode=asked["mode"],
        access_needs=asked["access_needs"],
        now=now,
    )
    return Response([shapes.slot_out(one) for one in found])


@extend_schema(
    methods=["GET"],
    summary="Lister les rendez-vous",
    responses={200: shapes.AppointmentOut(many=True), **REFUSED},
)
@extend_schema(
    methods=["POST"],
    summary="Prendre un rendez-vous",
    parameters=[KEY],
    request=shapes.AppointmentIn,
    responses={200: shapes.AppointmentOut, 201: shapes.AppointmentOut, **REFUSED},
)
@endpoint("GET", "POST", scope=Scope.APPOINTMENTS_READ, writing=Scope.APPOINTMENTS_WRITE, a_minute=60)
def appointments(request: Request) -> Response:
    """GET: the operator's appointments whatever their channel. POST: register, hold and confirm at once."""
    return _book(request) if request.method == "POST" else _list(request)


def _list(request: Request) -> Response:
    pages = Pages()
    page = pages.paginate_queryset(selectors.own_appointments(user=request.user), request)
    return pages.get_paginated_response([shapes.appointment_out(one) for one in page or []])


def _book(request: Request) -> Response:
    """201, or 200 when the key had booked already."""
    facts = dict(_read(shapes.AppointmentIn, request.data).validated_data)
    facts.pop("agreed")
    facts["site"] = _site(request, facts["site"])
    try:
        booked, is_new = services.book_by_software(
            client=request.user.client, key=_key(request), now=timezone.now(), **facts
        )
    except SlotTaken as refusal:
        return slot_taken(refusal)
    answer = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
    return Response(shapes.appointment_out(_appointment(request, booked.uuid)), status=answer)


@extend_schema(summary="Lire un rendez-vous", responses={200: shapes.AppointmentOut, **REFUSED})
@endpoint("GET", scope=Scope.APPOINTMENTS_READ)
def appointment_detail(request: Request, uuid) -> Response:
    """One appointment; that of another operator does not exist."""
    return Response(shapes.appointment_out(_appointment(request, uuid)))


@extend_schema(
    summary="Déplacer un rendez-vous",
    request=shapes.PlaceIn,
    responses={200: shapes.AppointmentOut, **REFUSED},
)
@endpoint("POST", scope=Scope.APPOINTMENTS_WRITE, a_minute=60)
def appointment_move(request: Request, uuid) -> Response:
    """The new appointment; the same move sent again gives it again."""
    facts = dict(_read(shapes.PlaceIn, request.data).validated_data)
    facts["site"] = _site(request, facts["site"])
    try:
        moved = services.move_by_software(
            client=request.user.client, appointment=_appointment(request, uuid), now=timezone.now(), **facts
        )
    except SlotTaken as refusal:
        return slot_taken(refusal)
    return Response(shapes.appointment_out(_appointment(request, moved.uuid)))


@extend_schema(
    summary="Annuler un rendez-vous",
    request=shapes.CancelIn,
    responses={200: shapes.AppointmentOut, **REFUSED},
)
@endpoint("POST", scope=Scope.APPOINTMENTS_WRITE, a_minute=60)
def appointment_cancel(request: Request, uuid) -> Response:
    """Who cancels is due; cancelling twice changes nothing."""
    asked = _read(shapes.CancelIn, request.data).validated_data
    services.cancel_by_software(
        client=request.user.client, appointment=_appointment(request, uuid), now=timezone.now(), **asked
    )
    return Response(shapes.appointment_out(_appointment(request, uuid)))


def _read(shape, data):
    read = shape(data=data)
    read.is_valid(raise_exception=True)
    return read


def _site(request: Request, uuid) -> Site:
    site = selectors.own_site(user=request.user, uuid=uuid)
    if site is None:
        raise Http404
    return site


def _appointment(request: Request, uuid) -> Appointment:
    found = selectors.own_appointment(user=request.user, uuid=uuid)
    if found is None:
        raise Http404
    return found


def _key(request: Request) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key or len(key) > LONGEST_KEY:
        raise ValidationError(
            {"Idempotency-Key": ["Donnez une clé, de 100 signes au plus, propre à ce rendez-vous."]}
        )
    return key
