"""The invented region: who holds it, since when, and how much life it has had."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from cep_portal.common.days import first_of_month, local_day, months_later
from cep_portal.demo.dataset.scale import Scale
from procurement.tender.reference import HolderFacts, LotFacts, MarketFacts

DATA = Path(__file__).parents[1] / "data"
REGION, NEIGHBOUR = "96", "99"
MONTHS_OF_LIFE = 4


def first_day(now: datetime) -> date:
    """The first of the month, four months before the first day of the place: three are frozen."""
    return months_later(first_of_month(local_day(now)), -MONTHS_OF_LIFE)


def scale(now: datetime) -> Scale:
    """A dozen advisers, a hundred people a month; the month before the last was logged late."""
    return Scale(
        "training",
        entries_per_year=1_500,
        advisers=16,
        sites=8,
        no_show_share=0.14,
        since=first_day(now),
        region=REGION,
        late_share=0.12,
        late_month=months_later(first_day(now), MONTHS_OF_LIFE - 2),
        no_show_target=Decimal(8),
    )


def market(now: datetime) -> MarketFacts:
    """One market, two lots: where people learn, and a neighbour to compare with or hand over to."""
    since = first_day(now)
    return MarketFacts(
        number=2,
        name="Marché d’entraînement (inventé)",
        starts_on=since,
        ends_on=months_later(since, 48),
        rule_set="DEMO-MARCHE-2",
        source="Inventé pour le lieu d’entraînement : aucun chiffre n’est réel.",
        decided_on=months_later(since, -10),
        awarded_on=months_later(since, -2),
        amount_excl_tax=Decimal(4_000_000),
        lots=(
            _lot(1, "Val-d’Essai", REGION, "L’Atelier des Métiers", "00000020000014", "02 61 91 20 01"),
            _lot(2, "Rives-du-Modèle", NEIGHBOUR, "Le Chemin d’à Côté", "00000021000013", "02 61 91 20 02"),
        ),
    )


def _lot(number: int, title: str, region: str, name: str, siret: str, phone: str) -> LotFacts:
    holder = HolderFacts(name=f"{name} (inventé)", siret=siret, phone=phone, is_fictional=True)
    return LotFacts(number=number, title=title, regions=(region,), holder=holder, is_demonstration=True)
