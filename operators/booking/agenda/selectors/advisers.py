"""Who receives: the known adviser first, then the least loaded."""

from collections.abc import Collection
from datetime import datetime, timedelta

from beneficiaries.request.models import Beneficiary
from cep_portal.common.compiled import prepared
from cep_portal.common.days import local, monday_of
from operators.booking.agenda import rules
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.selectors.slots import Slot


def known_adviser(beneficiary: Beneficiary | None) -> int | None:
    """The adviser who received this person last, or is due to: offered first, so the story is told once."""
    if beneficiary is None:
        return None
    met = Appointment.objects.filter(
        beneficiary=beneficiary,
        state__in=[AppointmentState.ATTENDED, AppointmentState.BOOKED],
    )
    return met.order_by("-period", "-pk").values_list("adviser_id", flat=True).first()


def week_start(slot: Slot) -> datetime:
    """Local midnight of the Monday of a slot's week."""
    day = local(slot.starts_at, slot.zone)
    monday = monday_of(day)
    return monday.replace(hour=0, minute=0, second=0, microsecond=0)


def advisers_in_order(
    *, slot: Slot, week_starts: datetime, known: int | None, access_needs: Collection[str] = ()
) -> list[int]:
    """The free advisers of a slot: known first, then able for the needs, least loaded that week, lowest id.

    The load counts whatever takes their time that local week: sessions alone or in a pair, and groups.
    """
    if len(slot.adviser_ids) == 1:
        return list(slot.adviser_ids)
    with prepared() as cursor:
        cursor.execute(
            """
            SELECT adviser.id, adviser.skills
            FROM operators_adviser AS adviser
            WHERE adviser.id = ANY(%(free)s)
            ORDER BY (
                SELECT count(*) FROM operators_advisertime AS taken
                WHERE taken.adviser_id = adviser.id
                    AND lower(taken.period) >= %(monday)s AND lower(taken.period) < %(next_monday)s
            ), adviser.id
            """,
            {
                "free": list(slot.adviser_ids),
                "monday": week_starts,
                "next_monday": week_starts + timedelta(days=7),
            },
        )
        found = cursor.fetchall()
    wished = rules.wished_skills(access_needs)
    return [pk for pk, skills in sorted(found, key=lambda one: (one[0] != known, not wished <= set(one[1])))]
