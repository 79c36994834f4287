"""One function per indicator: one grouped aggregate of all contracts, regions and periods at once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    DateField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Greatest, TruncMonth, TruncYear

from cep_portal.territories.models import EmployedPopulation
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.models import CounsellingSession, Pathway, day_in_zone
from operators.network.enums import ServiceLevel
from reporting.kpis.rules.definitions import EMPLOYMENT_YEAR, SERIES_STARTS_ON
from reporting.surveys.enums import Satisfaction
from reporting.surveys.models import Survey

type Truncation = type[TruncMonth | TruncYear]
type Indicator = Callable[..., QuerySet]

NO_DENOMINATOR = Value(None, output_field=BigIntegerField())


class Days(Func):
    """Whole days between two calendar days."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = IntegerField()


def entries(*, known_at: datetime, by: Truncation) -> QuerySet:
    """Pathways entered in the period (docs/kpi.md, K1); count. One received from another began there."""
    first_session = CounsellingSession.objects.filter(pathway=OuterRef("pk"), recorded_at__lte=known_at)
    return _grouped(
        Pathway.objects.filter(Exists(first_session), continues__isnull=True),
        by=by,
        day=F("entered_on"),
        contract="contract",
        region="region",
    ).annotate(numerator=Count("pk"), denominator=NO_DENOMINATOR)


def active_beneficiaries(*, known_at: datetime, by: Truncation) -> QuerySet:
    """Distinct pathways with a session in the period (K2); count, never summed over months."""
    return _sessions(known_at, by).annotate(
        numerator=Count("pathway", distinct=True), denominator=NO_DENOMINATOR
    )


def uptake_rate(*, known_at: datetime, by: Truncation) -> QuerySet:
    """Entries over people in work of the region (K3); per 1,000."""
    in_work = EmployedPopulation.objects.filter(
        region=OuterRef("kpi_region"), year__lte=EMPLOYMENT_YEAR
    ).order_by("-year")
    return entries(known_at=known_at, by=by).annotate(denominator=Subquery(in_work.values("total")[:1]))


def level_two_share(*, known_at: datetime, by: Truncation) -> QuerySet:
    """Share of active pathways with a session of level 2 in the period (K4); percent."""
    return _sessions(known_at, by).annotate(
        numerator=Count("pathway", distinct=True, filter=Q(level=ServiceLevel.TWO)),
        denominator=Count("pathway", distinct=True),
    )


def first_appointment_days(*, known_at: datetime, by: Truncation) -> QuerySet:
    """Days from request to first kept appointment, by month of request (K5); mean in days.

    Only requests whose first kept appointment is known are in: recent months rise as they mature.
    """
    request = "appointment__service_request"
    # Tie broken by pk: two sessions of one day are one first session.
    first_ones = (
        CounsellingSession.objects.filter(
            appointment__service_request__isnull=False, recorded_at__lte=known_at
        )
        .order_by(request, "held_on", "pk")
        .distinct(request)
        .values("pk")
    )
    asked_on = day_in_zone(F(f"{request}__requested_at"), F(f"{request}__commune__department__zone"))
    return _grouped(
        CounsellingSession.objects.filter(pk__in=first_ones),
        by=by,
        day=asked_on,
        contract=f"{request}__contract",
        region=f"{request}__commune__department__region",
    ).annotate(
        # A request made after midnight overseas may be served the day before in Paris.
        numerator=Sum(Greatest(Days(F("held_on"), F("day")), Value(0))),
        denominator=Count("pk"),
    )


def no_show_rate(*, known_at: datetime, by: Truncation) -> QuerySet:
    """Missed appointments over appointments kept or missed, local day of the site (K6); percent."""
    due = Appointment.objects.filter(
        state__in=[AppointmentState.ATTENDED, AppointmentState.NO_SHOW],
        period__startswith__lte=known_at,
    )
    return _grouped(
        due,
        by=by,
        day=day_in_zone(F("period__startswith"), F("site__zone")),
        contract="site__contract",
        region="site__commune__department__region",
    ).annotate(
        numerator=Count("pk", filter=Q(state=AppointmentState.NO_SHOW)),
        denominator=Count("pk"),
    )


def satisfaction_rate(*, known_at: datetime, by: Truncation) -> QuerySet:
    """Satisfied answers over answers, pooled, by day of answer (K7); percent (procurement K4)."""
    return _grouped(
        Survey.objects.filter(answered_at__lte=known_at),
        by=by,
        day=F("answered_on"),
        contract="pathway__contract",
        region="pathway__region",
    ).annotate(
        numerator=Count("pk", filter=Q(satisfaction__in=Satisfaction.satisfied)),
        denominator=Count("pk"),
    )


INDICATORS: dict[str, Indicator] = {
    one.__name__: one
    for one in (
        entries,
        active_beneficiaries,
        uptake_rate,
        level_two_share,
        first_appointment_days,
        no_show_rate,
        satisfaction_rate,
    )
}


def _sessions(known_at: datetime, by: Truncation) -> QuerySet:
    return _grouped(
        CounsellingSession.objects.filter(recorded_at__lte=known_at),
        by=by,
        day=F("held_on"),
        contract="pathway__contract",
        region="pathway__region",
    )


def _grouped(facts: QuerySet, *, by: Truncation, day: Any, contract: str, region: str) -> QuerySet:
    return (
        facts.annotate(day=day)
        .filter(day__gte=SERIES_STARTS_ON)
        .annotate(
            kpi_contract=F(contract),
            kpi_region=F(region),
            starts_on=by("day", output_field=DateField()),
        )
        .order_by()
        .values("kpi_contract", "kpi_region", "starts_on")
    )
