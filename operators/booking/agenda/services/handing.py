"""Coming appointments that follow people to a colleague: kept at the same hour, or left where they are."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from beneficiaries.request.models import ServiceRequest
from beneficiaries.request.services.guard import lock_people
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.selectors import consequences
from operators.booking.agenda.services.holds import end_holds
from operators.booking.agenda.services.locks import lock_adviser_days
from operators.network.models import Adviser


@dataclass
class Handed:
    """What became of the appointments to come: taken by the colleague, or kept by who had them."""

    given: list[Appointment] = field(default_factory=list)
    kept: list[Appointment] = field(default_factory=list)


@transaction.atomic
def give_to_colleague(
    *,
    people: Collection[int],
    former: Adviser,
    colleague: Adviser,
    until: date | None,
    by: User,
    now: datetime,
) -> Handed:
    """Let a colleague take the sessions to come of some people, up to a day included when there is one.

    Same row, same hour, same link: only where the colleague is free within the openings; the rest is kept.
    People are locked, in the order of ADR 0010. An appointment booked meanwhile is kept.
    Raises FileRestricted.
    """
    seen = [session for session in _coming(people, former, now=now) if _is_before(session, until)]
    requests = ServiceRequest.objects.filter(pk__in=[session.service_request_id for session in seen])
    list(requests.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
    lock_people(people)
    days = {
        (adviser, local_day(session.starts_at, session.site.zone))
        for session in seen
        for adviser in (former.pk, colleague.pk)
    }
    lock_adviser_days(days)
    handed = Handed()
    for session in _coming(people, former, now=now).select_for_update(of=("self",)):
        if not _is_before(session, until):
            continue
        is_seen = (former.pk, local_day(session.starts_at, session.site.zone)) in days
        taken = is_seen and _take(session, colleague, by=by, now=now)
        (handed.given if taken else handed.kept).append(session)
    return handed


def _coming(people: Collection[int], adviser: Adviser, *, now: datetime) -> Any:
    booked = consequences.booked_in(adviser=adviser, starts_at=now, ends_at=None, now=now)
    return booked.filter(beneficiary__in=people, adviser=adviser)


def _is_before(appointment: Appointment, until: date | None) -> bool:
    return until is None or local_day(appointment.starts_at, appointment.site.zone) <= until


def _take(appointment: Appointment, colleague: Adviser, *, by: User, now: datetime) -> bool:
    slot = consequences.slot_with(appointment, adviser=colleague.pk, now=now)
    if (
        slot is None
        or appointment.second_adviser_id is not None
        or slot.team(colleague.pk) != (colleague.pk,)
    ):
        return False
    end_holds([colleague.pk], appointment.starts_at, now=now)
    appointment.adviser = colleague
    appointment.busy_period = DateTimeTZRange(appointment.starts_at, appointment.starts_at + slot.step)
    appointment.save(update_fields=["adviser", "busy_period"])
    record(action="operators.appointment.handed", target=appointment, by=by, now=now)
    return True
