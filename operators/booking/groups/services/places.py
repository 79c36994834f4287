from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from beneficiaries.request.models import Beneficiary, ServiceRequest
from beneficiaries.request.services.guard import lock_person
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.errors import DomainError
from operators.booking.agenda.enums import CancelledBy
from operators.booking.agenda.errors import PersonAlreadyBooked
from operators.booking.agenda.services.locks import lock_request, violated
from operators.booking.groups import notices, rules
from operators.booking.groups.enums import PlaceState
from operators.booking.groups.errors import PlaceOver, PlaceTwice, SessionFull, SessionOver
from operators.booking.groups.models import GroupPlace, GroupSession

WITH_ALL = ("session__site__commune", "session__site__contract", "beneficiary", "service_request")
OVER = "Cette réunion n’accepte plus d’inscription. Choisissez-en une autre."
KEY_USED = "Cette page a déjà servi. Rechargez-la, puis recommencez."
REFUSALS: dict[str, tuple[type[DomainError], str]] = {
    "group_place_within_capacity": (
        SessionFull,
        "La dernière place vient d’être prise. Choisissez une autre réunion.",
    ),
    "group_place_of_open_session": (SessionOver, OVER),
    "group_place_once_a_session": (PlaceTwice, "Vous êtes déjà inscrit à cette réunion."),
    "group_place_person_never_twice": (
        PersonAlreadyBooked,
        "Vous avez déjà un rendez-vous à cette heure-là.",
    ),
    "operators_groupplace_idempotency_key_key": (PlaceTwice, KEY_USED),
}


@transaction.atomic
def book_place(
    *,
    session: GroupSession,
    beneficiary: Beneficiary,
    service_request: ServiceRequest,
    idempotency_key: UUID,
    now: datetime,
    actor: User | None = None,
) -> GroupPlace:
    """Give a person a place in a meeting and tell them; the same key gives the same place.

    The request and the person are locked, then the session by the database, which counts. Raises
    SessionFull, SessionOver (cancelled, too close, or of another operator), PlaceTwice, and
    PersonAlreadyBooked when the person is elsewhere at that hour.
    """
    lock_request(service_request)
    person = lock_person(beneficiary)
    known = GroupPlace.objects.select_related(*WITH_ALL).filter(idempotency_key=idempotency_key).first()
    if known is not None:
        if (known.beneficiary_id, known.session_id) != (person.pk, session.pk):
            raise PlaceTwice(KEY_USED)
        return known
    if not rules.is_joinable(session, now=now) or session.site.contract_id != service_request.contract_id:
        raise SessionOver(OVER)
    place = GroupPlace(
        session=session,
        beneficiary=person,
        service_request=service_request,
        idempotency_key=idempotency_key,
        booked_at=now,
    )
    _insert(place)
    record(action="operators.group_place.booked", target=place, by=actor, now=now)
    notices.tell_booked(place, now=now)
    return place


def _insert(place: GroupPlace) -> None:
    """The database counts and compares, under the lock of the session: its refusal has a name."""
    try:
        with transaction.atomic():
            place.save(force_insert=True)
    except IntegrityError as refusal:
        for constraint, (error, words) in REFUSALS.items():
            if violated(refusal, constraint):
                raise error(words) from refusal
        raise


@transaction.atomic
def cancel_place(*, place: GroupPlace, by: str, now: datetime, actor: User | None = None) -> GroupPlace:
    """Give a place back before the meeting and tell the person; `by` is a CancelledBy.

    Raises PlaceOver when it was given back, or the meeting has begun.
    """
    place = GroupPlace.objects.select_for_update(of=("self",)).select_related(*WITH_ALL).get(pk=place.pk)
    if not rules.place_may_become(place.state, PlaceState.CANCELLED) or place.session.starts_at <= now:
        raise PlaceOver("Cette place ne peut plus être annulée.")
    place.state, place.cancelled_at, place.cancelled_by = PlaceState.CANCELLED, now, CancelledBy(by)
    place.save(update_fields=["state", "cancelled_at", "cancelled_by"])
    record(action="operators.group_place.cancelled", target=place, by=actor, data={"by": by}, now=now)
    notices.tell_cancelled(place, now=now)
    return place
