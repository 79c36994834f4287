from dataclasses import asdict, dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Step:
    """One line of a calculation that a person can redo with a pencil; all in French."""

    label: str
    inputs: str
    formula: str
    result: str


@dataclass(frozen=True)
class Computation:
    """An amount in euros, outside VAT (R-33), with the steps that lead to it."""

    amount_excl_tax: Decimal
    steps: tuple[Step, ...]

    @property
    def trace(self) -> list[dict[str, str]]:
        return [asdict(step) for step in self.steps]
