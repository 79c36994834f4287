"""Distinct pathways over every window wider than a month, in one scan of the sessions.

Distinct ones do not add up over months. A presence counts once in a quarter and in a year, where it is the
first; over twelve months it lasts twelve months or until the next one: events, no expansion.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from cep_portal.common.days import local_day
from operators.network.enums import ServiceLevel
from reporting.facts.selectors.known import with_facts
from reporting.kpis.rules.definitions import SERIES_STARTS_ON
from reporting.kpis.rules.periods import Period, last_closed_month, quarter_of, rolling_to, to_date, year_of

SQL = """
WITH present AS MATERIALIZED (
  SELECT w.contract_id AS lot, w.region_id AS region, s.pathway_id AS pathway,
         (extract(year FROM s.held_on) * 12 + extract(month FROM s.held_on) - 1)::int AS m,
         bool_or(s.level = %(two)s) AS is_two
  FROM {session} s JOIN {pathway} w ON w.id = s.pathway_id
  WHERE s.held_on >= %(since)s
  GROUP BY 1, 2, 3, 4),
marks AS (
  SELECT false AS two, lot, region, pathway, m FROM present
  UNION ALL SELECT true, lot, region, pathway, m FROM present WHERE is_two),
spans AS MATERIALIZED (
  SELECT two, lot, region, m, lag(m) OVER road AS before, lead(m) OVER road AS after
  FROM marks WINDOW road AS (PARTITION BY two, pathway ORDER BY m)),
events AS (
  SELECT two, lot, region, m AS w, 1 AS d FROM spans
  UNION ALL SELECT two, lot, region, least(coalesce(after, m + 12), m + 12), -1 FROM spans)
SELECT 'quarter', two, lot, region, m / 3 AS at, count(*) FROM spans
WHERE before IS NULL OR before / 3 <> m / 3 GROUP BY two, lot, region, at
UNION ALL SELECT 'year', two, lot, region, m / 12 AS at, count(*) FROM spans
WHERE before IS NULL OR before / 12 <> m / 12 GROUP BY two, lot, region, at
UNION ALL SELECT 'to_date', two, lot, region, m / 12 AS at, count(*) FROM spans
WHERE (before IS NULL OR before / 12 <> m / 12) AND m %% 12 < %(closed)s GROUP BY two, lot, region, at
UNION ALL SELECT 'rolling', two, lot, region, w, sum(sum(d)) OVER (PARTITION BY two, lot, region ORDER BY w)
FROM events GROUP BY two, lot, region, w
"""


class Presence(NamedTuple):
    """Pathways present in a window, and those of them with a session of level 2."""

    contract_id: int
    region_id: str
    period: Period
    with_two: int
    present: int


def presences(*, known_at: datetime, only_present: bool = False) -> Iterator[Presence]:
    """Every contract, region and window of whole months, from sessions known at an instant; one query."""
    on = local_day(known_at)
    since = to_date(on.year, on=on)
    counts: dict[tuple[int, str, Period], list[int]] = defaultdict(lambda: [0, 0])
    running: dict[tuple[bool, int, str], list[tuple[int, int]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            with_facts(SQL, only_present=only_present),
            {
                "two": ServiceLevel.TWO.value,
                "since": SERIES_STARTS_ON,
                "known_at": known_at,
                "closed": since.since if since else 0,
            },
        )
        for kind, two, lot, region, at, count in cursor.fetchall():
            if kind == "rolling":
                running[two, lot, region].append((at, int(count)))
            else:
                counts[lot, region, _window(kind, at, on)][two] += count
    for (two, lot, region), changes in running.items():
        for period, count in _filled(sorted(changes), last=_rank(last_closed_month(on).starts_on)):
            counts[lot, region, period][two] += count
    for (lot, region, period), (present, with_two) in counts.items():
        yield Presence(lot, region, period, with_two, present)


def _filled(changes: list[tuple[int, int]], *, last: int) -> Iterator[tuple[Period, int]]:
    """The count of each window of twelve whole months, months without any change included."""
    first = _rank(SERIES_STARTS_ON) + 11
    count, rest = 0, iter(changes)
    at, after = next(rest)
    for month in range(changes[0][0], last + 1):
        while at <= month:
            count = after
            at, after = next(rest, (last + 1, 0))
        if month >= first and count:
            yield rolling_to(_first_day(month)), count


def _window(kind: str, at: int, on: date) -> Period:
    if kind == "quarter":
        return quarter_of(_first_day(at * 3))
    if kind == "to_date" and (since := to_date(at, on=on)):
        return since
    return year_of(date(at, 1, 1))


def _rank(month: date) -> int:
    return month.year * 12 + month.month - 1


def _first_day(rank: int) -> date:
    return date(rank // 12, rank % 12 + 1, 1)
