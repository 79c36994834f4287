"""/api/v1/appointments/: the rules, selectors and services of the pages, for an operator's own software."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from beneficiaries.request.services import RequestFacts
from cep_portal.common.facts import grouped
from operators.booking.agenda.errors import SlotTaken
from operators.booking.agenda.services import WantedSlot
from operators.exchange.software import selectors, services
from operators.exchange.software.api import examples
from operators.exchange.software.api.description import (
    KEY,
    OPTIONAL_KEY,
    answer,
    body,
    followed_answer,
    refusals,
)
from operators.exchange.software.api.endpoints import endpoint
from operators.exchange.software.api.inputs import (
    key,
    optional_key,
    own_appointment,
    own_site,
    read_body,
)
from operators.exchange.software.api.paging import FeedQuery, followed_page
from operators.exchange.software.api.problems import slot_taken
from operators.exchange.software.enums import Scope
from operators.exchange.software.serializers.appointments import (
    AppointmentIn,
    AppointmentOut,
    AppointmentsQuery,
    CancelIn,
    LevelIn,
    PlaceIn,
    appointment_out,
)

TAG = ["rendez-vous"]


@extend_schema(
    methods=["GET"],
    operation_id="lister_rendez_vous",
    tags=TAG,
    summary="Lister les rendez-vous",
    description="Ceux de votre organisme, quelle que soit leur voie, dans l’ordre où ils ont été pris.",
    parameters=[AppointmentsQuery, FeedQuery],
    responses={
        200: followed_answer(AppointmentOut, examples.APPOINTMENT_OUT, "Vos rendez-vous"),
        **refusals(422),
    },
)
@extend_schema(
    methods=["POST"],
    operation_id="prendre_rendez_vous",
    tags=TAG,
    summary="Prendre un rendez-vous",
    description="Enregistre la demande, retient l’heure et confirme, d’un seul tenant : en cas de refus, "
    "rien n’est écrit. La personne connue de vous par ce nom et ce contact est retrouvée ; elle reçoit la "
    "confirmation. Vous répondez de son accord.",
    parameters=[KEY],
    request=AppointmentIn,
    examples=[body(examples.APPOINTMENT_IN)],
    responses={
        200: answer(AppointmentOut, examples.APPOINTMENT_OUT, "Déjà pris avec cette clé"),
        201: answer(AppointmentOut, examples.APPOINTMENT_OUT, "Pris"),
        **refusals(400, 404, 409, 415, 422),
    },
)
@endpoint(
    "GET",
    "POST",
    scope=Scope.APPOINTMENTS_READ,
    writing=Scope.APPOINTMENTS_WRITE,
    a_minute=60,
    asks=(AppointmentsQuery, FeedQuery),
)
def appointments(request: Request) -> Response:
    """GET: the operator's appointments whatever their channel. POST: register, hold and confirm at once."""
    if request.method == "POST":
        return _book(request)
    return followed_page(request, AppointmentsQuery, selectors.own_appointments, appointment_out)


def _book(request: Request) -> Response:
    """201, or 200 when the key had booked already."""
    facts = dict(read_body(AppointmentIn, request).validated_data)
    facts.pop("agreed")
    facts["site"] = own_site(request, facts["site"])
    try:
        booked, is_new = services.book_by_software(
            client=request.user.client,
            key=key(request),
            now=timezone.now(),
            **grouped(facts, facts=RequestFacts, wanted=WantedSlot),
        )
    except SlotTaken as refusal:
        return slot_taken(refusal)
    code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
    return Response(appointment_out(own_appointment(request, booked.uuid)), status=code)


@extend_schema(
    operation_id="lire_rendez_vous",
    tags=TAG,
    summary="Lire un rendez-vous",
    description="Déplacé, il dit vers lequel.",
    responses={
        200: answer(AppointmentOut, examples.APPOINTMENT_OUT, "Le rendez-vous"),
        **refusals(404),
    },
)
@endpoint("GET", scope=Scope.APPOINTMENTS_READ)
def appointment_detail(request: Request, uuid: UUID) -> Response:
    """One appointment; that of another operator does not exist."""
    return Response(appointment_out(own_appointment(request, uuid)))


@extend_schema(
    operation_id="deplacer_rendez_vous",
    tags=TAG,
    summary="Déplacer un rendez-vous",
    description="Rend le nouveau rendez-vous. Le même déplacement renvoyé le rend encore, tant qu’il tient.",
    parameters=[OPTIONAL_KEY],
    request=PlaceIn,
    examples=[body(examples.MOVE_IN)],
    responses={
        200: answer(AppointmentOut, examples.MOVED_OUT, "Le nouveau rendez-vous"),
        **refusals(400, 404, 409, 415, 422),
    },
)
@endpoint("POST", scope=Scope.APPOINTMENTS_WRITE, a_minute=60)
def appointment_move(request: Request, uuid: UUID) -> Response:
    """The new appointment; the same move sent again gives it again."""
    facts = dict(read_body(PlaceIn, request).validated_data)
    facts["site"] = own_site(request, facts["site"])
    try:
        moved = services.move_by_software(
            client=request.user.client,
            key=optional_key(request),
            appointment=own_appointment(request, uuid),
            now=timezone.now(),
            **facts,
        )
    except SlotTaken as refusal:
        return slot_taken(refusal)
    return Response(appointment_out(own_appointment(request, moved.uuid)))


@extend_schema(
    operation_id="changer_niveau",
    tags=TAG,
    summary="Changer le niveau d’un rendez-vous",
    description="Du niveau 1 au niveau 2, ou l’inverse, tant que le rendez-vous est pris : l’heure, le lieu "
    "et le conseiller restent. Le niveau qu’il a déjà ne change rien.",
    parameters=[OPTIONAL_KEY],
    request=LevelIn,
    examples=[body(examples.LEVEL_IN)],
    responses={
        200: answer(AppointmentOut, examples.LEVEL_OUT, "Le rendez-vous"),
        **refusals(400, 404, 409, 415, 422),
    },
)
@endpoint("POST", scope=Scope.APPOINTMENTS_WRITE, a_minute=60)
def appointment_level(request: Request, uuid: UUID) -> Response:
    """Both ways, and for nothing when it has that level already."""
    asked = read_body(LevelIn, request).validated_data
    services.change_level_by_software(
        client=request.user.client,
        key=optional_key(request),
        appointment=own_appointment(request, uuid),
        now=timezone.now(),
        **asked,
    )
    return Response(appointment_out(own_appointment(request, uuid)))


@extend_schema(
    operation_id="annuler_rendez_vous",
    tags=TAG,
    summary="Annuler un rendez-vous",
    description="Dites qui annule. Annuler deux fois ne change rien.",
    parameters=[OPTIONAL_KEY],
    request=CancelIn,
    examples=[body(examples.CANCEL_IN)],
    responses={
        200: answer(AppointmentOut, examples.CANCELLED_OUT, "Le rendez-vous annulé"),
        **refusals(400, 404, 409, 415, 422),
    },
)
@endpoint("POST", scope=Scope.APPOINTMENTS_WRITE, a_minute=60)
def appointment_cancel(request: Request, uuid: UUID) -> Response:
    """Who cancels is due; cancelling twice changes nothing."""
    asked = read_body(CancelIn, request).validated_data
    services.cancel_by_software(
        client=request.user.client,
        key=optional_key(request),
        appointment=own_appointment(request, uuid),
        now=timezone.now(),
        **asked,
    )
    return Response(appointment_out(own_appointment(request, uuid)))
