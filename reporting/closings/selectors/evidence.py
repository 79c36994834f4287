"""The facts behind each figure of a month, one line a fact: what a frozen figure is made of and proved by.

Written apart from the statements of the nightly run on purpose: a month is frozen only when both agree.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef
from django.db.models.functions import TruncMonth
from django.utils.crypto import salted_hmac

from cep_portal.common.days import months_later
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.models import CounsellingSession, Pathway, day_in_zone
from operators.network.enums import ServiceLevel
from reporting.closings.rules import cohort_month, month_end
from reporting.closings.selectors.files import neutral_days
from reporting.kpis.rules.definitions import DEFINITIONS
from reporting.kpis.selectors.figures import employed_populations
from reporting.kpis.selectors.indicators import INDICATORS
from reporting.surveys.enums import Satisfaction
from reporting.surveys.models import Survey

NEUTRALISED, IMPOSSIBLE = "neutralised", "impossible"
DAY = timedelta(days=1)


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


type Source = Callable[[Collection[int], date, datetime], Iterator[Fact]]


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
    neutral = neutral_days(contract_ids=list(contract_ids), first=first) if leaving_out else {}
    for code, cohort in months.items():
        for fact in _distinct(SOURCES[code](contract_ids, cohort, known_at), neutral):
            counted = fact if leaving_out else Fact(*fact[:6])
            lines[fact.contract_id].append(_line(code, cohort, counted, neutral))
    _add_stocks(lines, months)
    return {contract_id: sorted(known, key=lambda line: line.text) for contract_id, known in lines.items()}


def counts_of_engine(
    *, contract_id: int, month: date, known_at: datetime
) -> dict[str, tuple[int, int | None]]:
    """The counts of the nightly statements for one contract and the months of a closing, regions summed."""
    counts: dict[str, tuple[int, int | None]] = {}
    for code, definition in DEFINITIONS.items():
        cohort = cohort_month(month=month, lag_days=definition.lag_days)
        rows = (
            INDICATORS[code](known_at=known_at, by=TruncMonth)
            .filter(kpi_contract=contract_id, starts_on=cohort)
            .values_list("numerator", "denominator")
        )
        numerator, denominator = 0, None
        for over, under in rows:
            numerator += over
            denominator = denominator if under is None else (denominator or 0) + under
        counts[code] = numerator, denominator
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


def _entries(contract_ids: Collection[int], month: date, known_at: datetime) -> Iterator[Fact]:
    first_session = CounsellingSession.objects.filter(pathway=OuterRef("pk"), recorded_at__lte=known_at)
    rows = Pathway.objects.filter(
        Exists(first_session),
        continues__isnull=True,
        contract__in=contract_ids,
        entered_on__range=(month, month_end(month)),
    ).values_list("contract", "region", "uuid", "entered_on")
    for contract_id, region, uuid, day in rows:
        yield Fact(contract_id, region, f"pathway:{uuid}", day, 1, None)


def _sessions(contract_ids: Collection[int], month: date, known_at: datetime) -> Iterator[tuple]:
    yield from CounsellingSession.objects.filter(
        pathway__contract__in=contract_ids,
        held_on__range=(month, month_end(month)),
        recorded_at__lte=known_at,
    ).values_list("pathway__contract", "pathway__region", "pathway__uuid", "held_on", "level")


def _active(contract_ids: Collection[int], month: date, known_at: datetime) -> Iterator[Fact]:
    for contract_id, region, uuid, day, _ in _sessions(contract_ids, month, known_at):
        yield Fact(contract_id, region, f"pathway:{uuid}", day, 1, None)


def _level_two(contract_ids: Collection[int], month: date, known_at: datetime) -> Iterator[Fact]:
    for contract_id, region, uuid, day, level in _sessions(contract_ids, month, known_at):
        yield Fact(contract_id, region, f"pathway:{uuid}", day, int(level == ServiceLevel.TWO), 1)


def _delays(contract_ids: Collection[int], month: date, known_at: datetime) -> Iterator[Fact]:
    request = "appointment__service_request"
    zone = F(f"{request}__commune__department__zone")
    rows = (
        CounsellingSession.objects.filter(
            recorded_at__lte=known_at,
            **{
                f"{request}__contract__in": contract_ids,
                # A local day starts up to twelve hours before or after Paris: cut wide, then by local day.
                f"{request}__requested_at__date__range": (month - DAY, month_end(month) + DAY),
            },
        )
        .annotate(asked_on=day_in_zone(F(f"{request}__requested_at"), zone))
        .order_by(request, "held_on", "pk")
        .distinct(request)
        .values_list(
            f"{request}__contract",
            f"{request}__commune__department__region",
            f"{request}__uuid",
            "asked_on",
            "held_on",
        )
    )
    for contract_id, region, uuid, asked_on, held_on in rows:
        if month <= asked_on < months_later(month, 1):
            days = (held_on - asked_on).days
            # Overseas, a night request may be met on the local day before that of Paris: one day is possible.
            yield Fact(contract_id, region, f"request:{uuid}", asked_on, max(days, 0), 1, days < -1)


def _no_shows(contract_ids: Collection[int], month: date, known_at: datetime) -> Iterator[Fact]:
    rows = (
        Appointment.objects.filter(
            site__contract__in=contract_ids,
            state__in=[AppointmentState.ATTENDED, AppointmentState.NO_SHOW],
            period__startswith__lte=known_at,
            period__startswith__date__range=(month - DAY, month_end(month) + DAY),
        )
        .annotate(day=day_in_zone(F("period__startswith"), F("site__zone")))
        .values_list("site__contract", "site__commune__department__region", "uuid", "day", "state")
    )
    for contract_id, region, uuid, day, state in rows:
        if month <= day < months_later(month, 1):
            missed = int(state == AppointmentState.NO_SHOW)
            yield Fact(contract_id, region, f"appointment:{uuid}", day, missed, 1)


def _answers(contract_ids: Collection[int], month: date, known_at: datetime) -> Iterator[Fact]:
    rows = Survey.objects.filter(
        pathway__contract__in=contract_ids,
        answered_at__lte=known_at,
        answered_on__range=(month, month_end(month)),
    ).values_list("pathway__contract", "pathway__region", "uuid", "answered_on", "satisfaction")
    for contract_id, region, uuid, day, satisfaction in rows:
        satisfied = int(satisfaction in Satisfaction.satisfied)
        yield Fact(contract_id, region, f"survey:{uuid}", day or month, satisfied, 1)


SOURCES: dict[str, Source] = {
    "entries": _entries,
    "active_beneficiaries": _active,
    "uptake_rate": _entries,
    "level_two_share": _level_two,
    "first_appointment_days": _delays,
    "no_show_rate": _no_shows,
    "satisfaction_rate": _answers,
}
