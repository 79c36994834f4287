"""The facts behind each figure of a month, one line a fact: what a frozen figure is made of and proved by.

Read from the same spines as the nightly run, row by row: a month is frozen only when both come to the same.
Asked again with the same instant, the lines are the same, whatever was corrected since (ADR 0067).
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.utils.crypto import salted_hmac

from reporting.closings.rules import cohort_month, month_end
from reporting.closings.selectors.files import neutral_days
from reporting.facts.rules.spines import SPINES
from reporting.facts.selectors.known import source
from reporting.kpis.enums import PeriodKind
from reporting.kpis.rules.definitions import DEFINITIONS
from reporting.kpis.selectors.figures import employed_populations
from reporting.kpis.selectors.indicators import INDICATORS

NEUTRALISED, IMPOSSIBLE = "neutralised", "impossible"
ROWS = """
    SELECT {lot}, {region}, {key}, {day}, {numerator}, {denominator}, {impossible}
    FROM {source} AND {lot} = ANY(%(lots)s) AND {day} BETWEEN %(first)s AND %(last)s {where}
"""


class EvidenceLine(NamedTuple):
    """What one fact gives to one figure; `key` is a pseudonym, `excluded` says why it is not counted."""

    kpi: str
    month: date
    region: str
    key: str
    numerator: int
    denominator: int | None
    excluded: str = ""

    @property
    def text(self) -> str:
        """The line of the evidence file: whole numbers and words, sorted as text."""
        under = "" if self.denominator is None else str(self.denominator)
        return (
            f"{self.kpi};{self.month:%Y-%m};{self.region};{self.key};{self.numerator};{under};{self.excluded}"
        )


class Fact(NamedTuple):
    """One row of a source, before it is a line: `day` is the one that a neutralisation may leave out."""

    contract_id: int
    region: str
    key: str
    day: date
    numerator: int
    denominator: int | None
    is_impossible: bool = False


@dataclass(frozen=True)
class Source:
    """Where the facts of a figure are: a spine of reporting.facts, and what each row gives, in SQL."""

    spine: str
    cohort: str
    key: str
    numerator: str = "1"
    denominator: str = "NULL::integer"
    where: str = ""
    needs: tuple[str, ...] = ()
    impossible: str = ""

    def facts(self, contract_ids: Collection[int], month: date, known_at: datetime) -> Iterator[Fact]:
        """The rows of a month as they were known at an instant, one query."""
        spine = SPINES[self.spine]
        columns = [spine.columns[name] for name in self.needs]
        sql = ROWS.format(
            lot=spine.columns["lot"].sql,
            region=spine.columns["region"].sql,
            key=self.key,
            day=spine.cohorts[self.cohort].sql,
            numerator=self.numerator,
            denominator=self.denominator,
            impossible=spine.exclusions[self.impossible].sql if self.impossible else "false",
            source=source(spine, columns),
            where=self.where,
        )
        asked: dict[str, Any] = {
            "known_at": known_at,
            "lots": list(contract_ids),
            "first": month,
            "last": month_end(month),
        }
        with connection.cursor() as cursor:
            cursor.execute(sql, asked)
            for row in cursor.fetchall():
                contract_id, region, key, *rest = row
                yield Fact(contract_id, region, f"{self.spine}:{key}", *rest)


def evidence_of(
    *, contract_ids: Collection[int], month: date, known_at: datetime, leaving_out: bool = True
) -> dict[int, list[EvidenceLine]]:
    """By contract, the lines of every figure of a closing, in the order of the file.

    A dozen queries whatever the number of contracts. Distinct pathways are one line each. `leaving_out` False
    ignores the neutral days and keeps what is impossible: what the nightly run counts.
    """
    lines: dict[int, list[EvidenceLine]] = {contract_id: [] for contract_id in contract_ids}
    months = {
        code: cohort_month(month=month, lag_days=definition.lag_days)
        for code, definition in DEFINITIONS.items()
    }
    first = min(months.values())
    neutral = (
        neutral_days(contract_ids=list(contract_ids), first=first, known_at=known_at) if leaving_out else {}
    )
    for code, cohort in months.items():
        for fact in _distinct(SOURCES[code].facts(contract_ids, cohort, known_at), neutral):
            counted = fact if leaving_out else Fact(*fact[:6])
            lines[fact.contract_id].append(_line(code, cohort, counted, neutral))
    _add_stocks(lines, months)
    return {contract_id: sorted(known, key=lambda line: line.text) for contract_id, known in lines.items()}


def counts_of_engine(
    *, contract_ids: Collection[int], month: date, known_at: datetime
) -> dict[int, dict[str, tuple[int, int | None]]]:
    """By contract, what the nightly statements count for the months of a closing, regions summed."""
    counts: dict[int, dict[str, tuple[int, int | None]]] = {
        contract_id: dict.fromkeys(DEFINITIONS, (0, None)) for contract_id in contract_ids
    }
    for code, definition in DEFINITIONS.items():
        cohort = cohort_month(month=month, lag_days=definition.lag_days)
        for row in INDICATORS[code](known_at=known_at, kind=PeriodKind.MONTH, lots=list(contract_ids)):
            if row.starts_on == cohort:
                over, under = counts[row.contract_id][code]
                more = under if row.denominator is None else (under or 0) + row.denominator
                counts[row.contract_id][code] = over + row.numerator, more
    return counts


def _line(code: str, cohort: date, fact: Fact, neutral: dict) -> EvidenceLine:
    excluded = IMPOSSIBLE if fact.is_impossible else NEUTRALISED if _is_neutral(fact, neutral) else ""
    return EvidenceLine(
        code, cohort, fact.region, _pseudonym(fact.key), fact.numerator, fact.denominator, excluded
    )


def _is_neutral(fact: Fact, neutral: dict[int, list[tuple[date, date]]]) -> bool:
    return any(first <= fact.day <= last for first, last in neutral.get(fact.contract_id, ()))


def _pseudonym(key: str) -> str:
    """The same fact has the same one in every closing; nothing of the fact can be read from it."""
    return salted_hmac("reporting.closings.evidence", key, algorithm="sha256").hexdigest()[:20]


def _distinct(facts: Iterable[Fact], neutral: dict) -> Iterator[Fact]:
    """One fact a key: a pathway with several sessions is one, outside neutral days when it can be."""
    kept: dict[tuple[int, str, str], Fact] = {}
    for fact in facts:
        same = kept.get(fact[:3])
        if same is None or _is_neutral(same, neutral):
            kept[fact[:3]] = fact
        elif not _is_neutral(fact, neutral):
            kept[fact[:3]] = max(same, fact, key=lambda either: either.numerator)
    return iter(kept.values())


def _add_stocks(lines: dict[int, list[EvidenceLine]], months: dict[str, date]) -> None:
    """The people in work of each region where something counted: a stock, once a region."""
    populations = employed_populations()
    for code, definition in DEFINITIONS.items():
        if definition.denominator_of_region:
            for known in lines.values():
                regions = sorted({line.region for line in known if line.kpi == code})
                known += [
                    EvidenceLine(code, months[code], region, f"stock-{region}", 0, populations.get(region, 0))
                    for region in regions
                ]


DAYS = SPINES["request"].columns["days_to_first_kept"].sql
ENTRY = Source("pathway", "entered_on", "w.id")
SOURCES = {
    "entries": ENTRY,
    "active_beneficiaries": Source("session", "held_on", "s.pathway_id"),
    "uptake_rate": ENTRY,
    "level_two_share": Source("session", "held_on", "s.pathway_id", "(s.level = 'TWO')::integer", "1"),
    "first_appointment_days": Source(
        "request",
        "asked_on",
        "r.id",
        f"greatest({DAYS}, 0)",
        "1",
        f"AND {DAYS} IS NOT NULL",
        ("days_to_first_kept",),
        "served_before_asked",
    ),
    "no_show_rate": Source(
        "appointment", "day", "a.id", "(a.state = 'NO_SHOW')::integer", "1", "AND a.state <> 'CANCELLED'"
    ),
    "satisfaction_rate": Source(
        "survey",
        "answered_on",
        "v.id",
        f"({SPINES['survey'].columns['is_satisfied'].sql})::integer",
        "1",
    ),
}
