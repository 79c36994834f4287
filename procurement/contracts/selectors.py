from datetime import date

from django.db.models import Case, QuerySet, Value, When

from cep_portal.territories.models import Commune, Region
from procurement.contracts.models import Contract
from procurement.tender.enums import LotKind

# A regional lot answers first; the overseas backup only where no regional contract is in force.
RECEIVING_KINDS = (LotKind.REGIONAL, LotKind.OVERSEAS_BACKUP)


def contracts_for_region(*, region_code: str, on: date) -> QuerySet[Contract]:
    """The contracts that may receive people of a region on a day, the first answers."""
    return (
        Contract.objects.in_force(on)
        .filter(
            lot__lot_regions__region=region_code,
            lot__lot_regions__kind__in=RECEIVING_KINDS,
        )
        .select_related("holder", "lot__market__rule_set")
        .order_by(
            Case(When(lot__kind=LotKind.REGIONAL, then=Value(0)), default=Value(1)),
            "-starts_on",
            "pk",
        )
    )


def contract_in_force(place: Commune | Region, on: date) -> Contract | None:
    """Who receives a person of this place on this day: regional lot first, then overseas backup.

    One query when the commune comes with its department (`select_related("department")`, as the commune
    selectors do); the contract comes with its holder, lot, market and rule set. None when nobody does.
    """
    return contracts_for_region(region_code=region_code_of(place), on=on).first()


def region_code_of(place: Commune | Region) -> str:
    return place.code if isinstance(place, Region) else place.department.region_id
