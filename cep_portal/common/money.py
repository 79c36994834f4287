from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def round_cents(amount: Decimal) -> Decimal:
    """The amount in euros, rounded once, half up, to the cent; the caller says whether tax is in."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)
