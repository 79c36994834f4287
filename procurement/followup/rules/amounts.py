from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cep_portal.common.money import round_cents
from cep_portal.common.wording.numbers import euros, number
from procurement.followup.rules.trace import Computation, Step

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Charge:
    """What remains to charge once the exemption of the contract is applied; never a debit."""

    decided_amount_excl_tax: Decimal
    charged_amount_excl_tax: Decimal
    exempted: bool
    steps: tuple[Step, ...]


def late_penalty(*, params: dict, late_amount_excl_tax: Decimal, days: int) -> Computation:
    """Late penalty P = V × R ÷ k, before cap and exemption, outside VAT (CCAG 14.1.1; P1)."""
    divisor = params["late_penalty"]["divisor"]
    amount = round_cents(late_amount_excl_tax * days / divisor)
    step = Step(
        "Pénalité de retard",
        f"V = {euros(late_amount_excl_tax)} HT ; R = {days} jours",
        f"V × R ÷ {number(divisor)}",
        euros(amount),
    )
    return Computation(amount, (step,))


def capped_penalty(
    *,
    params: dict,
    computed: Computation,
    base_amount_excl_tax: Decimal,
    applied_amount_excl_tax: Decimal = ZERO,
) -> Computation:
    """The computed penalty within what the cap of the order leaves (CCAG 2021, 14.1.2; P2).

    `applied_amount_excl_tax` is what was already applied in the same scope. A rule set without a cap
    (FCS 2009) leaves the computed amount as it is.
    """
    cap = params.get("cap")
    if cap is None:
        return computed
    ceiling = round_cents(Decimal(cap["rate"]) * base_amount_excl_tax)
    amount = min(computed.amount_excl_tax, max(ZERO, ceiling - applied_amount_excl_tax))
    step = Step(
        "Plafond",
        f"base {euros(base_amount_excl_tax)} HT ; déjà appliqué {euros(applied_amount_excl_tax)}",
        f"au plus {number(Decimal(cap['rate']) * 100)} % de la base, soit {euros(ceiling)}",
        euros(amount),
    )
    return Computation(amount, (*computed.steps, step))


def flat_penalty(*, clause: dict, days: int) -> Computation:
    """A fixed sum for each day of delay of one document, up to the days of the clause (P4)."""
    daily, max_days = Decimal(clause["daily_amount"]), clause["max_days"]
    counted = min(days, max_days)
    amount = round_cents(daily * counted)
    step = Step(
        "Pénalité forfaitaire",
        f"{days} jours de retard, {max_days} comptés au plus",
        f"{counted} × {euros(daily)}",
        euros(amount),
    )
    return Computation(amount, (step,))


def exempt(*, params: dict, decided_amounts_excl_tax: Sequence[Decimal]) -> Charge:
    """What a contract's decided penalties come to once its exemption is applied (CCAG 14.1.3; P3, INV-24).

    A threshold, not a franchise: at or under it nothing is charged; above it everything is, the
    formerly exempted ones included. A rule set without the clause exempts nothing.
    """
    total = sum(decided_amounts_excl_tax, ZERO)
    threshold = Decimal((params.get("exemption") or {}).get("amount", "0"))
    exempted = total <= threshold
    comparison = "≤" if exempted else ">"
    charged = ZERO if exempted else total
    step = Step(
        "Seuil d’exonération du contrat",
        f"total décidé {euros(total)} ; seuil {euros(threshold)}",
        f"{euros(total)} {comparison} {euros(threshold)}",
        "exonéré" if exempted else f"{euros(charged)} à imputer",
    )
    return Charge(total, charged, exempted, (step,))
