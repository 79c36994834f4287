import gzip
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from cep_portal.common.errors import DomainError
from cep_portal.common.wording.dates import long_day, long_month
from cep_portal.documents.services import issue_document, read_document
from reporting.closings import rules
from reporting.closings.enums import ClosingState
from reporting.closings.errors import DisputesUnanswered, EvidenceAltered, NotYetDue
from reporting.closings.hooks import FOLLOWERS, Frozen
from reporting.closings.models import Closing, FrozenValue
from reporting.closings.rules import cohort_month, figure_line, judged, sha256_of
from reporting.closings.selectors import previous_frozen, waiting_freezes
from reporting.closings.selectors.evidence import EvidenceLine, counts_of_engine, evidence_of
from reporting.closings.services.locking import check_another, check_entitled, check_step, locked
from reporting.facts.selectors.known import settled_at
from reporting.kpis.rules.definitions import DEFINITIONS


@dataclass(frozen=True)
class Total:
    """What the lines of one figure come to; `excluded` counts the facts left out by reason."""

    kpi: str
    month: date
    numerator: int
    denominator: int | None
    excluded: dict[str, int]


@dataclass(frozen=True)
class Read:
    """The lines of a closing, and the indicators that the nightly statements count otherwise."""

    lines: list[EvidenceLine]
    different: tuple[str, ...]


@dataclass(frozen=True)
class Freezes:
    """How many months were frozen at once, and how many were refused."""

    done: int
    refused: int


@dataclass(frozen=True)
class Comparison:
    """A frozen closing counted again: from its evidence file, and from the facts as they were known then."""

    evidence_is_whole: bool
    figures_are_same: bool
    chain_is_whole: bool
    facts_are_same: bool
    from_facts: dict[str, tuple[int, int | None]]

    @property
    def is_same(self) -> bool:
        return all((self.evidence_is_whole, self.figures_are_same, self.chain_is_whole, self.facts_are_same))


@transaction.atomic
def freeze_month(*, closing: Closing, by: User, now: datetime) -> Closing:
    """Freeze a month: its figures, the evidence file behind them, the chain of hashes (INV-15, INV-16).

    From the day of its clock, once each figure is ripe, each dispute answered and each neutralisation
    decided, by somebody who instructed none of it; what waits for frozen figures follows in the same
    transaction. Raises ClosingMandateNotEntitled, ClosingStateRefused, NotYetDue, DisputesUnanswered,
    SamePerson, EvidenceAltered when the evidence and the statements of the nightly run do not agree.
    """
    check_entitled(rules.can_freeze, by)
    closing = locked(closing)
    _check_due(closing, by, now)
    known_at = settled_at(now)
    read = _read([closing.contract_id], closing.month, known_at)[closing.contract_id]
    return _frozen(closing, read, known_at=known_at, by=by, now=now)


def freeze_due(*, by: User, now: datetime) -> Freezes:
    """Freeze every month whose day has come and that nobody contests, each in its own transaction.

    The facts of a month are read once for all its contracts. What is refused is left as it is, and counted.
    Raises ClosingMandateNotEntitled.
    """
    check_entitled(rules.can_freeze, by)
    known_at = settled_at(now)
    by_month: dict[date, list[Closing]] = {}
    for closing in waiting_freezes(user=by, on=local_day(now)):
        by_month.setdefault(closing.month, []).append(closing)
    done, refused = 0, 0
    for month, closings in sorted(by_month.items()):
        read = _read([closing.contract_id for closing in closings], month, known_at)
        for closing in closings:
            try:
                _freeze_read(closing, read[closing.contract_id], known_at=known_at, by=by, now=now)
                done += 1
            except DomainError:
                refused += 1
    return Freezes(done, refused)


def _read(contract_ids: list[int], month: date, known_at: datetime) -> dict[int, Read]:
    """The evidence of a month by contract, beside what the nightly statements count, nothing left out."""
    lines = evidence_of(contract_ids=contract_ids, month=month, known_at=known_at)
    whole = lines
    if any(line.excluded for known in lines.values() for line in known):
        whole = evidence_of(contract_ids=contract_ids, month=month, known_at=known_at, leaving_out=False)
    counted = counts_of_engine(contract_ids=contract_ids, month=month, known_at=known_at)
    return {
        key: Read(lines[key], _different(totals_of(whole[key], month=month), counted[key])) for key in lines
    }


@transaction.atomic
def _freeze_read(closing: Closing, read: Read, *, known_at: datetime, by: User, now: datetime) -> None:
    """Freeze from facts already read as known at an instant that is over: nothing since changes them."""
    closing = locked(closing)
    _check_due(closing, by, now)
    _frozen(closing, read, known_at=known_at, by=by, now=now)


def _frozen(closing: Closing, read: Read, *, known_at: datetime, by: User, now: datetime) -> Closing:
    if read.different:
        names = ", ".join(DEFINITIONS[code].label for code in read.different)
        raise EvidenceAltered(f"Les preuves et le calcul ne donnent pas le même chiffre : {names}.")
    closing.known_at = known_at
    previous = previous_frozen(closing)
    closing.previous_sha256 = previous.output_sha256 if previous else ""
    totals = totals_of(read.lines, month=closing.month)
    texts = [line.text for line in read.lines]
    closing.input_sha256 = sha256_of(texts)
    closing.output_sha256 = output_sha256(closing, totals)
    FrozenValue.objects.bulk_create([_value(closing, total) for total in totals])
    closing.evidence = issue_document(
        kind="closing_evidence",
        title=f"Preuves de l’arrêté {long_month(closing.month)}, version {closing.number}",
        file_name=f"preuves-{closing.month:%Y-%m}-v{closing.number}.csv.gz",
        content=gzip.compress("".join(f"{text}\n" for text in texts).encode(), mtime=0),
        now=now,
        version=closing.number,
    )
    closing.state = ClosingState.FROZEN
    closing.frozen_at, closing.frozen_under = now, by.mandate
    closing.save()
    record(
        action="reporting.closing.frozen",
        target=closing,
        by=by,
        data={"month": closing.month.isoformat(), "sha256": closing.output_sha256},
        now=now,
    )
    for follow in FOLLOWERS:
        follow(Frozen(closing, now))
    return closing


def may_freeze(closing: Closing, *, by: User, now: datetime) -> bool:
    """Whether the page offers the act: the very checks of the act, asked without doing it."""
    try:
        _check_due(closing, by, now)
    except DomainError:
        return False
    return True


def _check_due(closing: Closing, by: User, now: datetime) -> None:
    check_step(closing, ClosingState.FROZEN)
    due = max(closing.freeze_from, rules.unripe_until(month=closing.month))
    if local_day(now) < due:
        raise NotYetDue(f"Ce mois s’arrête à partir du {long_day(due)}.")
    disputes = list(closing.disputes.select_related("raised_under", "answered_under"))
    if any(not dispute.outcome for dispute in disputes):
        raise DisputesUnanswered("Une contestation de ce mois attend sa réponse.")
    for dispute in disputes:
        check_another(by, *(hand.user_id for hand in (dispute.answered_under, dispute.raised_under) if hand))
    month = closing.month
    around = closing.contract.neutralisations.filter(
        first_day__lte=rules.month_end(month), last_day__gte=month
    ).select_related("proposed_under", "decided_under")
    for neutral in around:
        decided = neutral.decided_under
        if decided is None:
            raise DisputesUnanswered("Une neutralisation de ce mois attend sa décision.")
        check_another(by, neutral.proposed_under.user_id, decided.user_id)


def _different(totals: Iterable[Total], counted: dict[str, tuple[int, int | None]]) -> tuple[str, ...]:
    return tuple(
        total.kpi
        for total in totals
        if _sums((total.numerator, total.denominator)) != _sums(counted[total.kpi])
    )


def _sums(counts: tuple[int, int | None]) -> tuple[int, int]:
    return counts[0], counts[1] or 0


def totals_of(lines: Iterable[EvidenceLine], *, month: date) -> list[Total]:
    """The figures that lines come to, one for each indicator, in the order of the definitions."""
    by_kpi: dict[str, list[EvidenceLine]] = {code: [] for code in DEFINITIONS}
    for line in lines:
        by_kpi[line.kpi].append(line)
    return [_total(code, month, known) for code, known in by_kpi.items()]


def _total(code: str, month: date, lines: list[EvidenceLine]) -> Total:
    kept = [line for line in lines if not line.excluded]
    excluded: dict[str, int] = {}
    for line in lines:
        if line.excluded:
            excluded[line.excluded] = excluded.get(line.excluded, 0) + 1
    definition = DEFINITIONS[code]
    has_denominator = definition.factor is not None
    return Total(
        kpi=code,
        month=cohort_month(month=month, lag_days=definition.lag_days),
        numerator=sum(line.numerator for line in kept),
        denominator=sum(line.denominator or 0 for line in kept) if has_denominator else None,
        excluded=excluded,
    )


def output_sha256(closing: Closing, totals: Sequence[Total]) -> str:
    """The hash of a closing: whose month it is, the hash before, and each figure on a line."""
    head = f"{closing.contract.uuid}|{closing.month:%Y-%m}|{closing.number}|{closing.previous_sha256}"
    return sha256_of([head, *(_text(total) for total in totals)])


def _text(total: Total) -> str:
    definition = DEFINITIONS[total.kpi]
    return figure_line(
        kpi=total.kpi,
        version=definition.version,
        month=total.month,
        numerator=total.numerator,
        denominator=total.denominator,
        excluded=total.excluded,
        value=judged(definition, total.numerator, total.denominator).value,
    )


def _value(closing: Closing, total: Total) -> FrozenValue:
    definition = DEFINITIONS[total.kpi]
    outcome = judged(definition, total.numerator, total.denominator)
    return FrozenValue(
        closing=closing,
        kpi=total.kpi,
        definition_version=definition.version,
        month=total.month,
        numerator=total.numerator,
        denominator=total.denominator,
        excluded=total.excluded,
        value=outcome.value,
        status=outcome.status,
        sha256=sha256_of([_text(total)]),
    )


def evidence_lines(closing: Closing) -> list[EvidenceLine]:
    """The lines of the evidence file of a frozen closing. Raises EvidenceAltered when it is not as issued."""
    if closing.evidence is None:
        return []
    try:
        text = gzip.decompress(read_document(closing.evidence)).decode()
    except (OSError, ValueError, EOFError) as broken:
        raise EvidenceAltered("Le fichier de preuves n’est plus celui qui a été émis.") from broken
    return [_line_of(line) for line in text.splitlines()]


def _line_of(text: str) -> EvidenceLine:
    kpi, month, region, key, numerator, denominator, excluded = text.split(";")
    under = int(denominator) if denominator else None
    first = date.fromisoformat(f"{month}-01")
    return EvidenceLine(kpi, first, region, key, int(numerator), under, excluded)


def compare_closing(*, closing: Closing, by: User, now: datetime) -> Comparison:
    """Count a frozen month again, from its evidence and from the facts as known then; the answer is kept.

    `evidence_is_whole`: the file is the one that was hashed. `figures_are_same`: its lines give the frozen
    figures. `chain_is_whole`: those figures and the closing before give the hash. `facts_are_same`: the facts
    as known at the instant of the freeze give that hash too, whatever became of the file; `from_facts`: by
    indicator, what they come to.
    """
    try:
        lines = evidence_lines(closing)
    except EvidenceAltered:
        lines = []
    known_at = closing.known_at or now
    then = evidence_of(contract_ids=[closing.contract_id], month=closing.month, known_at=known_at)
    counted = totals_of(then[closing.contract_id], month=closing.month)
    totals = totals_of(lines, month=closing.month)
    frozen = {value.kpi: (value.numerator, value.denominator) for value in closing.values.all()}
    comparison = Comparison(
        evidence_is_whole=sha256_of(line.text for line in lines) == closing.input_sha256,
        figures_are_same={total.kpi: (total.numerator, total.denominator) for total in totals} == frozen,
        chain_is_whole=output_sha256(closing, totals) == closing.output_sha256,
        facts_are_same=output_sha256(closing, counted) == closing.output_sha256,
        from_facts={total.kpi: (total.numerator, total.denominator) for total in counted},
    )
    record(
        action="reporting.closing.compared",
        target=closing,
        by=by,
        data={"is_same": comparison.is_same},
        now=now,
    )
    return comparison
