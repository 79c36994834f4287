"""The order of locks, the same everywhere: request row, person row, adviser-days, appointment rows.

An adviser's local day has two advisory locks. Its times: one at a time chooses among them. Its bookings:
confirmations share it, so that none waits for another; whoever lays something over bookings takes it alone.
"""

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError

from beneficiaries.request.models import ServiceRequest
from beneficiaries.request.services.guard import check_open, lock_person
from cep_portal.common.compiled import Ask, Compiled, prepared

ADVISER_TWICE = "adviser_time_never_twice"
PERSON_TWICE = "appointment_person_never_twice"
KEY_TWICE = "operators_appointment_idempotency_key_key"  # PostgreSQL's name for the unique column
_REQUEST = Compiled(
    lambda: ServiceRequest.objects.select_for_update(of=("self",), no_key=True).filter(pk=Ask("key"))
)


def lock_adviser_days(pairs: Iterable[tuple[int, date]], *, over_bookings: bool = True) -> None:
    """Take the locks of (adviser, local day), sorted, until the transaction or savepoint ends.

    The times, then the bookings too, unless the caller only chooses a time: a booking being confirmed then
    stands in nobody's way, its hold has taken its time already.
    """
    ordered = sorted({(adviser, day.toordinal()) for adviser, day in pairs})
    bookings = _bookings(ordered) if over_bookings else []
    with prepared() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(adviser, day)"
            " FROM unnest(%s::int[], %s::int[]) AS pair (adviser, day)",
            _columns(ordered + bookings),
        )


def _bookings(days: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The second lock of each day has the adviser's number below zero."""
    return [(-adviser, day) for adviser, day in days]


def _columns(days: list[tuple[int, int]]) -> list[list[int]]:
    return [[adviser for adviser, _ in days], [day for _, day in days]]


def lock_request(service_request: ServiceRequest | None) -> ServiceRequest | None:
    """The request as it is now, its row locked; `NO KEY` lets appointments point at it meanwhile."""
    if service_request is None:
        return None
    (request,) = _REQUEST(key=service_request.pk)
    return request


def lock_open(service_request: ServiceRequest | None) -> ServiceRequest | None:
    """As lock_request, and its person when it has one. Raises FileRestricted, FileMerged as lock_person."""
    request = lock_request(service_request)
    if request is not None and request.beneficiary_id is not None:
        lock_person(request.beneficiary_id)
    return request


def lock_to_confirm(
    *, request_id: int | None, person_id: int, adviser_days: Iterable[tuple[int, date]]
) -> None:
    """The request, the person and, shared, the bookings of a day, in that order and in one statement.

    Each step waits for the former by what it reads of it. Read nothing in the same statement: its snapshot
    is older than the locks. Raises FileRestricted and FileMerged as lock_person.
    """
    ordered = sorted({(adviser, day.toordinal()) for adviser, day in adviser_days})
    with prepared() as cursor:
        cursor.execute(
            """
            WITH request AS MATERIALIZED (
                SELECT id FROM beneficiaries_servicerequest WHERE id = %s FOR NO KEY UPDATE
            ), person AS MATERIALIZED (
                SELECT restricted_at, erased_at, merged_into_id FROM beneficiaries_beneficiary
                WHERE id = %s AND (SELECT count(*) FROM request) >= 0 FOR NO KEY UPDATE
            )
            SELECT restricted_at, erased_at, merged_into_id, pg_advisory_xact_lock_shared(adviser, day)
            FROM person CROSS JOIN unnest(%s::int[], %s::int[]) AS pair (adviser, day)
            """,
            [request_id, person_id, *_columns(_bookings(ordered))],
        )
        (restricted_at, erased_at, merged_into_id, _), *_ = cursor.fetchall()
    check_open(restricted_at, erased_at, merged_into_id)


def violated(refusal: IntegrityError, constraint: str) -> bool:
    """Whether PostgreSQL refused for this very constraint."""
    diagnostic = getattr(refusal.__cause__, "diag", None)
    return diagnostic is not None and diagnostic.constraint_name == constraint
