"""From counts to figures: the rate is made here and nowhere else (docs/kpi.md)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.common.money import round_cents
from procurement.commitments.enums import Comparison
from procurement.commitments.models import CommitmentVersion
from reporting.kpis.errors import SeriesBroken
from reporting.kpis.rules.definitions import DOWN, KpiDefinition


class Withheld(StrEnum):
    """Why a reader does not read a figure; its value never is (reporting.kpis.rules.readers)."""

    TOO_FEW = "effectif insuffisant"
    RUNNING = "mois en cours"
    UNRIPE = "pas encore définitif"


@dataclass(frozen=True)
class Cell:
    """One figure: its value is rounded once, half up, to `places`; what is printed is what is judged.

    `fragile`: fewer answers than the definition asks for; shown, and said so. `unripe`: the lag of the
    definition is not over; shown as provisional, never compared, ranked, drawn nor judged. `band` says a
    denominator that is not told exactly; a withheld cell carries nothing that could be read.
    """

    value: Decimal | None
    numerator: int | None
    denominator: int | None
    places: int = 0
    fragile: bool = False
    unripe: bool = False
    band: str = ""
    withheld: Withheld | None = None


EMPTY = Cell(None, None, None)


def can_read_france(user: User) -> bool:
    return user.role in Role.of_france_competences


def can_read_regions(user: User) -> bool:
    """France compétences everywhere, a committee member in the own region (object check apart)."""
    return can_read_france(user) or user.role == Role.COMMITTEE_MEMBER


def can_read_own_region(user: User) -> bool:
    return user.role == Role.COMMITTEE_MEMBER


def can_read_definitions(user: User) -> bool:
    return user.role in Role.agents


def can_read_own_lot(user: User) -> bool:
    return user.role == Role.OPERATOR_MANAGER


def rate(numerator: int, denominator: int | None, factor: Decimal) -> Decimal | None:
    """factor × numerator ÷ denominator, unrounded; None, never 0 nor 100, when nothing is counted (T-35)."""
    return Decimal(numerator) * factor / denominator if denominator else None


def make_cell(
    definition: KpiDefinition, numerator: int, denominator: int | None, *, places: int | None = None
) -> Cell:
    """The figure of counts already summed: totals sum counts, never percentages (T-33).

    Rounded here and nowhere else, to the decimals of the definition unless `places` says fewer.
    """
    if definition.factor is None:
        return Cell(Decimal(numerator), numerator, None)
    written = definition.decimals if places is None else places
    value = rate(numerator, denominator, definition.factor)
    return Cell(
        value=None if value is None else value.quantize(Decimal(1).scaleb(-written), ROUND_HALF_UP),
        numerator=numerator,
        denominator=denominator,
        places=written,
        fragile=0 < (denominator or 0) < definition.min_n,
    )


def growth(
    before: int | Decimal,
    after: int | Decimal,
    *,
    breaks: Sequence[date] = (),
    between: tuple[date, date] | None = None,
) -> Decimal | None:
    """Growth: after ÷ before − 1, in percent; None from zero.

    Raises SeriesBroken when a break lies between the two dates: such a growth means nothing.
    """
    if between and any(between[0] < day <= between[1] for day in breaks):
        raise SeriesBroken("La série est rompue entre ces deux dates : pas d’évolution.")
    return (Decimal(after) / Decimal(before) - 1) * 100 if before else None


def change(
    definition: KpiDefinition, before: Cell, after: Cell, *, between: tuple[date, date]
) -> Decimal | None:
    """Evolution of a count in percent, of a rate in its own unit.

    None when one side may not be read, or is not ripe.
    """
    if before.value is None or after.value is None or before.unripe or after.unripe:
        return None
    if any(between[0] < day <= between[1] for day in definition.series_breaks):
        return None
    if definition.factor is None:
        return growth(before.value, after.value)
    return after.value - before.value


def is_within_tolerance(value: Decimal, *, target: Decimal, tolerance: Decimal) -> bool:
    """A floor is kept down to target − tolerance (T-30)."""
    return value >= target - tolerance


def is_kept(version: CommitmentVersion, cell: Cell) -> bool | None:
    """Whether a figure, as it is printed, keeps what the contract promises; None without a ripe figure."""
    if cell.value is None or cell.unripe:
        return None
    if version.comparison == Comparison.AT_LEAST:
        return cell.value >= version.target
    return cell.value <= version.target


MIN_LOTS = 5  # with fewer, a rank would tell whose figure is whose


@dataclass(frozen=True)
class Position:
    """The rank of a lot among `of`: 1 is what the indicator wishes, or the highest when it wishes none."""

    rank: int
    of: int
    is_shared: bool

    @property
    def quarter(self) -> int:
        """1 for the first quarter of the lots, 4 for the last."""
        return -(-4 * self.rank // self.of)


def position(definition: KpiDefinition, own: Cell, others: Iterable[Cell]) -> Position | None:
    """Where a lot stands among the others that may be shown; no figure of another lot can be read from it.

    None for a plain count (lots differ in size), without a sound and ripe figure, or among fewer than
    MIN_LOTS lots.
    """
    if definition.factor is None or own.value is None or own.fragile or own.unripe:
        return None
    shown = [cell.value for cell in others if cell.value is not None and not cell.fragile]
    if len(shown) + 1 < MIN_LOTS:
        return None
    sign = -1 if definition.direction == DOWN else 1
    better = sum(sign * value > sign * own.value for value in shown)
    return Position(better + 1, len(shown) + 1, own.value in shown)


def restatement_is_material(
    frozen: Decimal, fresh: Decimal, *, materiality: Decimal = Decimal("0.5")
) -> bool:
    """The frozen value stays; a gap of `materiality` points or more asks for a decision (T-32)."""
    return abs(fresh - frozen) >= materiality


def unit_cost(paid_amount: Decimal, entries: int) -> Decimal | None:
    """Euros paid for one entry, to the cent."""
    return round_cents(paid_amount / entries) if entries else None
