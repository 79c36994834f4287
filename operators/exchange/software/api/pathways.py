"""/api/v1/pathways/ and /sessions/: facts only. No note, no plan, no file, no theme ever leaves this way."""

from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from cep_portal.common.facts import grouped
from operators.casework.pathways.services import SessionFacts
from operators.exchange.software import selectors, services
from operators.exchange.software.api import examples
from operators.exchange.software.api.description import KEY, answer, body, followed_answer, refusals
from operators.exchange.software.api.endpoints import endpoint
from operators.exchange.software.api.inputs import key, own_appointment, read_body
from operators.exchange.software.api.paging import FeedQuery, followed_page
from operators.exchange.software.enums import Scope
from operators.exchange.software.serializers.pathways import (
    CorrectionIn,
    LogIn,
    LogOut,
    PathwayOut,
    PathwaysQuery,
    SessionOut,
    SessionsQuery,
    log_out,
    pathway_out,
    session_out,
)

TAG = ["parcours"]


@extend_schema(
    operation_id="lister_parcours",
    tags=TAG,
    summary="Lister les parcours",
    description="Ceux de vos contrats, par jour d’entrée. Un dossier gelé ou effacé n’y est pas.",
    parameters=[PathwaysQuery, FeedQuery],
    responses={200: followed_answer(PathwayOut, examples.PATHWAY_OUT, "Vos parcours"), **refusals(422)},
)
@endpoint("GET", scope=Scope.PATHWAYS_READ, asks=(PathwaysQuery, FeedQuery))
def pathways(request: Request) -> Response:
    """The pathways of the operator's contracts, as facts."""
    return followed_page(request, PathwaysQuery, selectors.own_pathways, pathway_out)


@extend_schema(
    operation_id="lire_parcours",
    tags=TAG,
    summary="Lire un parcours",
    description="Son entrée, son état, son issue.",
    responses={200: answer(PathwayOut, examples.PATHWAY_OUT, "Le parcours"), **refusals(404)},
)
@endpoint("GET", scope=Scope.PATHWAYS_READ)
def pathway_detail(request: Request, uuid: UUID) -> Response:
    """One pathway; that of another operator does not exist."""
    pathway = selectors.own_pathway(user=request.user, uuid=uuid)
    if pathway is None:
        raise Http404
    return Response(pathway_out(pathway))


@extend_schema(
    methods=["GET"],
    operation_id="lister_seances",
    tags=TAG,
    summary="Lister les séances",
    description="Les séances tenues, dans l’ordre de saisie. Pour suivre ce qui arrive et ce qui est "
    "corrigé, demandez `mark` : aucune horloge n’y suffit.",
    parameters=[SessionsQuery, FeedQuery],
    responses={200: followed_answer(SessionOut, examples.SESSION_OUT, "Vos séances"), **refusals(422)},
)
@extend_schema(
    methods=["POST"],
    operation_id="saisir_seance",
    tags=TAG,
    summary="Saisir ce qu’est devenu un rendez-vous",
    description="La personne est venue (`held` et `next_step` sont dus), n’est pas venue, ou c’est annulé. "
    "La première séance ouvre le parcours ; `CLOSE` le clôt, avec son issue. Une séance sans rendez-vous "
    "s’envoie par une remontée.",
    parameters=[KEY],
    request=LogIn,
    examples=[body(examples.LOG_IN)],
    responses={
        200: answer(LogOut, examples.LOG_OUT, "Déjà saisi avec cette clé"),
        201: answer(LogOut, examples.LOG_OUT, "Saisi"),
        **refusals(400, 404, 409, 415, 422),
    },
)
@endpoint(
    "GET",
    "POST",
    scope=Scope.PATHWAYS_READ,
    writing=Scope.SESSIONS_WRITE,
    asks=(SessionsQuery, FeedQuery),
)
def sessions(request: Request) -> Response:
    """GET: the sessions held. POST: what became of an appointment, by the service of the adviser's page."""
    if request.method == "POST":
        return _log(request)
    return followed_page(request, SessionsQuery, selectors.own_sessions, session_out)


def _log(request: Request) -> Response:
    """201, or 200 when the key had logged already."""
    asked = read_body(LogIn, request)
    uuid = asked.validated_data["appointment"]
    appointment = own_appointment(request, uuid)
    is_new = services.log_by_software(
        client=request.user.client,
        key=key(request),
        appointment=appointment,
        now=timezone.now(),
        **grouped(asked.facts(appointment), facts=SessionFacts),
    )
    logged = own_appointment(request, uuid)
    told = log_out(logged, selectors.session_of(user=request.user, appointment=logged))
    return Response(told, status=status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)


@extend_schema(
    operation_id="lire_seance",
    tags=TAG,
    summary="Lire une séance",
    description="Ses deux horloges : quand elle s’est tenue, quand elle a été saisie.",
    responses={200: answer(SessionOut, examples.SESSION_OUT, "La séance"), **refusals(404)},
)
@endpoint("GET", scope=Scope.PATHWAYS_READ)
def session_detail(request: Request, uuid: UUID) -> Response:
    """One session; that of another operator does not exist."""
    session = selectors.own_session(user=request.user, uuid=uuid)
    if session is None:
        raise Http404
    return Response(session_out(session))


@extend_schema(
    operation_id="corriger_seance",
    tags=TAG,
    summary="Corriger une séance",
    description="Jusqu’à l’arrêté de son mois. Ce qu’elle disait avant reste au dossier, avec le motif.",
    parameters=[KEY],
    request=CorrectionIn,
    examples=[body(examples.CORRECTION_IN)],
    responses={
        200: answer(SessionOut, examples.SESSION_OUT, "La séance corrigée"),
        **refusals(400, 404, 409, 415, 422),
    },
)
@endpoint("POST", scope=Scope.SESSIONS_WRITE)
def session_correction(request: Request, uuid: UUID) -> Response:
    """What a session really was, by the service of the adviser's page."""
    asked = read_body(CorrectionIn, request).validated_data
    session = selectors.own_session(user=request.user, uuid=uuid)
    if session is None:
        raise Http404
    reason = asked.pop("reason")
    services.correct_by_software(
        client=request.user.client,
        key=key(request),
        session=session,
        facts=SessionFacts(**{"next_step": session.next_step, **asked}),
        reason=reason,
        now=timezone.now(),
    )
    return Response(session_out(selectors.own_session(user=request.user, uuid=uuid) or session))
