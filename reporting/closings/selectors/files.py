"""What the page of a closing and the page of a frozen figure show."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from cep_portal.accounts.models import User
from reporting.closings.models import (
    Closing,
    DataDispute,
    FrozenValue,
    Neutralisation,
    Reopening,
    Restatement,
)
from reporting.closings.rules import cohort_month, month_end
from reporting.kpis.rules import Cell
from reporting.kpis.rules.definitions import DEFINITIONS, KpiDefinition
from reporting.kpis.rules.periods import Period, month_of
from reporting.kpis.selectors import contract_figures
from reporting.kpis.wording import figure

EXCLUDED = {"neutralised": "neutralisé", "impossible": "impossible"}  # reasons of the evidence, in French


@dataclass(frozen=True)
class Line:
    """One indicator of a closing: what is counted now, what is frozen, what is said against it."""

    definition: KpiDefinition
    month: Period
    fresh: Cell
    frozen: FrozenValue | None
    dispute: DataDispute | None

    @property
    def text(self) -> str:
        """The frozen figure once there is one, else the provisional one."""
        return frozen_text(self.frozen) if self.frozen else figure(self.definition, self.fresh)

    @property
    def counts(self) -> tuple[int | None, int | None]:
        return (
            (self.frozen.numerator, self.frozen.denominator)
            if self.frozen
            else (
                self.fresh.numerator,
                self.fresh.denominator,
            )
        )


@dataclass(frozen=True)
class ClosingFile:
    closing: Closing
    lines: tuple[Line, ...]
    neutralisations: tuple[Neutralisation, ...]
    reopening: Reopening | None
    versions: tuple[Closing, ...]

    @property
    def unanswered(self) -> list[DataDispute]:
        return [line.dispute for line in self.lines if line.dispute and not line.dispute.outcome]


@dataclass(frozen=True)
class FigureFile:
    """A frozen figure, what it becomes when counted again, and the other figures of its closing."""

    value: FrozenValue
    definition: KpiDefinition
    restatements: tuple[Restatement, ...]

    @property
    def month(self) -> Period:
        return month_of(self.value.month)

    @property
    def text(self) -> str:
        return frozen_text(self.value)

    @property
    def excluded(self) -> list[str]:
        """« 2 neutralisés », « 1 impossible »: the facts left out, by reason."""
        return [
            f"{count} {EXCLUDED[reason]}{'s' if count > 1 else ''}"
            for reason, count in sorted(self.value.excluded.items())
        ]


def frozen_text(value: FrozenValue) -> str:
    """A frozen figure as every page writes it."""
    definition = DEFINITIONS[value.kpi]
    return figure(
        definition, Cell(value.value, value.numerator, value.denominator, places=definition.decimals)
    )


def closing_lines(closing: Closing) -> tuple[Line, ...]:
    """Every indicator of a closing with its cohort month; three queries, four before the freeze."""
    disputes = {dispute.kpi: dispute for dispute in closing.disputes.select_related("answered_under__user")}
    frozen = {value.kpi: value for value in closing.values.all()}
    figures = None if closing.is_frozen else contract_figures(contract=closing.contract)
    lines = []
    for code, definition in DEFINITIONS.items():
        month = month_of(cohort_month(month=closing.month, lag_days=definition.lag_days))
        fresh = figures.cell(code, str(closing.contract_id), month) if figures else Cell(None, None, None)
        lines.append(Line(definition, month, fresh, frozen.get(code), disputes.get(code)))
    return tuple(lines)


def closing_detail(closing: Closing) -> ClosingFile:
    """All that the page of a closing shows; six queries."""
    return ClosingFile(
        closing=closing,
        lines=closing_lines(closing),
        neutralisations=tuple(_neutralisations(closing)),
        reopening=closing.reopenings.select_related("asked_under__user", "decided_under__user")
        .order_by("-asked_at", "-pk")
        .first(),
        versions=tuple(
            Closing.objects.filter(contract=closing.contract_id, month=closing.month)
            .select_related("frozen_under__user")
            .order_by("-number")
        ),
    )


def _neutralisations(closing: Closing) -> list[Neutralisation]:
    return list(
        Neutralisation.objects.filter(
            contract=closing.contract_id,
            first_day__lte=month_end(closing.month),
            last_day__gte=closing.month,
        )
        .select_related("proposed_under__user", "decided_under__user")
        .order_by("first_day", "pk")
    )


def neutral_days(
    *, contract_ids: list[int], first: date, known_at: datetime
) -> dict[int, list[tuple[date, date]]]:
    """By contract, the periods whose neutralisation was accepted, both days included, since a month."""
    periods: dict[int, list[tuple[date, date]]] = {}
    rows = Neutralisation.objects.filter(
        contract__in=contract_ids, outcome="ACCEPTED", decided_at__lte=known_at, last_day__gte=first
    ).order_by("contract", "first_day")
    for contract_id, first_day, last_day in rows.values_list("contract", "first_day", "last_day"):
        periods.setdefault(contract_id, []).append((first_day, last_day))
    return periods


def figure_detail(value: FrozenValue) -> FigureFile:
    """What the page of a frozen figure shows; one query."""
    restatements = value.restatements.order_by("-quarter").select_related("decided_under__user")
    return FigureFile(value, DEFINITIONS[value.kpi], tuple(restatements))


def frozen_value_file(*, user: User) -> QuerySet[FrozenValue]:
    """The frozen figures that the user may open, each with its closing and its contract."""
    return FrozenValue.objects.visible_to(user).select_related(
        "closing__contract__holder",
        "closing__contract__lot__market",
        "closing__frozen_under__user",
        "closing__evidence",
        "closing__superseded_by",
    )
