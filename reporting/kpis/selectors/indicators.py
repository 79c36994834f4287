"""One function per indicator: one grouped aggregate of all contracts, regions and periods at once.

Each reads the spine of its facts as known at an instant (reporting.facts): asked again later, it answers the
same, whatever was corrected, merged or delivered since (ADR 0067).
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, NamedTuple, NotRequired, TypedDict, Unpack

from django.db import connection

from reporting.facts.rules.spines import SPINES, Column
from reporting.facts.selectors.known import source
from reporting.kpis.enums import PeriodKind
from reporting.kpis.rules.definitions import EMPLOYMENT_YEAR, SERIES_STARTS_ON

type Indicator = Callable[..., list[Counted]]

TRUNCATIONS: dict[str, str] = {PeriodKind.MONTH: "month", PeriodKind.YEAR: "year"}
EMPLOYED = """(SELECT total FROM territories_employedpopulation
    WHERE region_id = counted.region AND year <= %(employment_year)s ORDER BY year DESC LIMIT 1)"""
COUNT = """
    SELECT lot, region, starts_on, {numerator}, {denominator}
    FROM (
        SELECT {lot} AS lot, {region} AS region, date_trunc(%(by)s, {day})::date AS starts_on,
            {counts}
        FROM {source} AND {day} >= %(since)s {where}
        GROUP BY 1, 2, 3
    ) AS counted
"""


class Counted(NamedTuple):
    """The counts of one contract in one region for one period."""

    contract_id: int
    region_id: str
    starts_on: date
    numerator: int
    denominator: int | None


class Reading(TypedDict):
    """As known when, by which period; `only_present` as `facts.selectors.known.with_facts` says it.

    `lots`: the keys of the contracts counted, all without it.
    """

    known_at: datetime
    kind: str
    only_present: NotRequired[bool]
    lots: NotRequired[list[int]]


def entries(**reading: Unpack[Reading]) -> list[Counted]:
    """Pathways entered in the period (docs/kpi.md, K1); count. One received from another began there."""
    return _counted("pathway", "entered_on", {"n": "count(*)"}, **reading)


def active_beneficiaries(**reading: Unpack[Reading]) -> list[Counted]:
    """Distinct pathways with a session in the period (K2); count, never summed over months."""
    return _counted("session", "held_on", {"n": "count(DISTINCT s.pathway_id)"}, **reading)


def uptake_rate(**reading: Unpack[Reading]) -> list[Counted]:
    """Entries over people in work of the region (K3); per 1,000."""
    counts = {"n": "count(*)"}
    return _counted("pathway", "entered_on", counts, **reading, denominator=EMPLOYED)


def level_two_share(**reading: Unpack[Reading]) -> list[Counted]:
    """Share of active pathways with a session of level 2 in the period (K4); percent."""
    active = "count(DISTINCT s.pathway_id)"
    counts = {"n": f"{active} FILTER (WHERE s.level = 'TWO')", "d": active}
    return _counted("session", "held_on", counts, **reading)


def first_appointment_days(**reading: Unpack[Reading]) -> list[Counted]:
    """Days from request to first kept appointment, by month of request (K5); mean in days.

    Only requests whose first kept appointment is known are in: recent months rise as they mature. A request
    made after midnight overseas may be served the day before in Paris.
    """
    days = SPINES["request"].columns["days_to_first_kept"]
    counts = {"n": f"sum(greatest({days.sql}, 0))", "d": "count(*)"}
    where = f"AND {days.sql} IS NOT NULL"
    return _counted("request", "asked_on", counts, **reading, where=where, columns=[days])


def no_show_rate(**reading: Unpack[Reading]) -> list[Counted]:
    """Missed appointments over appointments kept or missed, local day of the site (K6); percent."""
    counts = {"n": "count(*) FILTER (WHERE a.state = 'NO_SHOW')", "d": "count(*)"}
    where = "AND a.state <> 'CANCELLED'"
    return _counted("appointment", "day", counts, **reading, where=where)


def satisfaction_rate(**reading: Unpack[Reading]) -> list[Counted]:
    """Satisfied answers over answers, pooled, by day of answer (K7); percent (procurement K4)."""
    satisfied = SPINES["survey"].columns["is_satisfied"].sql
    counts = {"n": f"count(*) FILTER (WHERE {satisfied})", "d": "count(*)"}
    return _counted("survey", "answered_on", counts, **reading)


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


def _counted(
    name: str,
    cohort: str,
    counts: dict[str, str],
    *,
    denominator: str | None = None,
    where: str = "",
    columns: Iterable[Column] = (),
    **reading: Unpack[Reading],
) -> list[Counted]:
    spine = SPINES[name]
    sql = COUNT.format(
        numerator="n",
        denominator=denominator or ("d" if "d" in counts else "NULL::bigint"),
        lot=spine.columns["lot"].sql,
        region=spine.columns["region"].sql,
        day=spine.cohorts[cohort].sql,
        counts=", ".join(f"{count} AS {alias}" for alias, count in counts.items()),
        source=source(spine, columns, only_present=reading.get("only_present", False)),
        where=f"{where} AND {spine.columns['lot'].sql} = ANY(%(lots)s)" if reading.get("lots") else where,
    )
    params: dict[str, Any] = {
        "lots": reading.get("lots"),
        "known_at": reading["known_at"],
        "by": TRUNCATIONS[reading["kind"]],
        "since": SERIES_STARTS_ON,
        "employment_year": EMPLOYMENT_YEAR,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [Counted(*row) for row in cursor.fetchall()]
