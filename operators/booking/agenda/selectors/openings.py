"""What an adviser opens, and when they are away."""

from datetime import date, datetime

from django.db.models import F, Q, QuerySet

from operators.booking.agenda.models import Absence, OpeningRule, RecurringAbsence
from operators.network.models import Adviser


def opening_rules(*, adviser: Adviser, on: date) -> QuerySet[OpeningRule]:
    """What an adviser opens on or after a day, alone or in a pair, by week day and hour."""
    return (
        OpeningRule.objects.filter(Q(adviser=adviser) | Q(second_adviser=adviser))
        .filter(Q(last_on__isnull=True) | Q(last_on__gte=on))
        .select_related("site", "adviser__user", "second_adviser__user")
        .order_by("weekday", "opens", "pk")
    )


def coming_absences(*, adviser: Adviser, now: datetime) -> QuerySet[Absence]:
    return adviser.absences.filter(period__endswith__gt=now).order_by(F("period").asc(), "pk")


def recurring_absences(*, adviser: Adviser, on: date) -> QuerySet[RecurringAbsence]:
    """The regular absences of an adviser on or after a day, by week day and hour."""
    return adviser.recurring_absences.filter(Q(last_on__isnull=True) | Q(last_on__gte=on)).order_by(
        "weekday", "starts", "pk"
    )
