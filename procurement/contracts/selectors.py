from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Count, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from cep_portal.accounts.models import User
from cep_portal.common.wording.dates import dated_day
from cep_portal.territories.models import Commune, Region
from cep_portal.territories.selectors import region_list
from procurement.contracts.hooks import TALLIES
from procurement.contracts.models import Contract
from procurement.tender.enums import LotKind, LotOutcome
from procurement.tender.models import Lot, LotRegion, RuleSet

# A regional lot answers first; the overseas backup only where no regional contract is in force.
RECEIVING_KINDS = (LotKind.REGIONAL, LotKind.OVERSEAS_BACKUP)
ENDS_SOON = timedelta(days=180)
SORTS = {
    "lot": ("-lot__market__number", "lot__number"),  # the newest market first
    "titulaire": ("holder__name",),
    "debut": ("starts_on",),
    "fin": ("ends_on",),
}
DEFAULT_SORT = "lot"


@dataclass(frozen=True)
class RegionCoverage:
    """Who receives the people of a region on a day: nobody is a hole, two regional contracts an overlap."""

    region: Region
    contracts: tuple[Contract, ...]

    @property
    def is_hole(self) -> bool:
        return not self.contracts

    @property
    def is_overlap(self) -> bool:
        return sum(contract.lot.kind == LotKind.REGIONAL for contract in self.contracts) > 1


def contracts_for_region(*, region_code: str, on: date) -> QuerySet[Contract]:
    """The contracts that may receive people of a region on a day, the first answers."""
    covering = Contract.objects.in_force(on).filter(
        lot__lot_regions__region=region_code, lot__lot_regions__kind__in=RECEIVING_KINDS
    )
    return _in_answering_order(covering.select_related("holder", "lot__market__rule_set"))


def contract_in_force(place: Commune | Region, on: date) -> Contract | None:
    """Who receives a person of this place on this day: regional lot first, then overseas backup.

    One query when the commune comes with its department (`select_related("department")`, as the commune
    selectors do); the contract comes with its holder, lot, market and rule set. None when nobody does.
    """
    return contracts_for_region(region_code=region_code_of(place), on=on).first()


def rule_set_of(contract_id: int) -> RuleSet:
    """The rules of a contract: those of its market, whatever today's date."""
    return RuleSet.objects.get(markets__lots__contracts=contract_id)


def region_code_of(place: Commune | Region) -> str:
    return place.code if isinstance(place, Region) else place.department.region_id


def _in_answering_order(contracts: QuerySet[Contract]) -> QuerySet[Contract]:
    backup_last = Case(When(lot__kind=LotKind.REGIONAL, then=Value(0)), default=Value(1))
    return contracts.order_by(backup_last, "-starts_on", "pk")


def contract_list(
    *, user: User, on: date, status: str = "", market: str = "", search: str = "", sort: str = DEFAULT_SORT
) -> QuerySet[Contract]:
    """The contracts the user may see, with lot, market, holder, regions and the tallies they may read.

    Without a sort asked for, those in force come first, then those to come, then those that ended.
    `status` is a key of rules.STATUSES, judged on the day `on`; `sort` a key of SORTS, « - » in front
    for the other way round. Unknown values are ignored.
    """
    contracts = contract_file(user=user).filter(_status(status, on))
    if market.isdecimal():
        contracts = contracts.filter(lot__market__number=int(market))
    if search:
        contracts = contracts.filter(Q(holder__name__icontains=search) | Q(lot__title__icontains=search))
    tallies = {tally.name: tally.count(on) for tally in TALLIES if tally.may_read(user)}
    first = [_standing(on)] if sort == DEFAULT_SORT else []
    return contracts.annotate(**tallies).order_by(*first, *_order(sort), "pk")


def counted(rows: QuerySet, contract: str, *, distinct: str = "pk") -> Coalesce:
    """How many of `rows` each contract has; `contract` is the path from a row to its contract."""
    by_contract = rows.filter(**{contract: OuterRef("pk")}).order_by().values(contract)
    count = by_contract.annotate(tally=Count(distinct, distinct=True)).values("tally")
    return Coalesce(Subquery(count, output_field=IntegerField()), 0)


def contracts_ending(*, user: User, on: date) -> QuerySet[Contract]:
    """The contracts in force on a day that end within ENDS_SOON, the first to end first."""
    ending = Contract.objects.visible_to(user).in_force(on).filter(ends_on__lte=on + ENDS_SOON)
    return ending.select_related("holder", "lot").order_by("ends_on", "lot__number", "pk")


def contract_file(*, user: User) -> QuerySet[Contract]:
    """The contracts the user may see, each with all that its page shows."""
    regions = Prefetch("lot__regions", region_list())
    contracts = Contract.objects.visible_to(user).select_related("holder", "lot__market__rule_set")
    return contracts.prefetch_related(regions)


def _status(status: str, on: date) -> Q:
    return {
        "en-vigueur": Q(starts_on__lte=on, ends_on__gte=on),
        "a-venir": Q(starts_on__gt=on),
        "termines": Q(ends_on__lt=on),
    }.get(status, Q())


def _standing(on: date) -> Case:
    return Case(
        When(ends_on__lt=on, then=Value(2)),
        When(starts_on__gt=on, then=Value(1)),
        default=Value(0),
    )


def _order(sort: str) -> list[str]:
    fields = SORTS.get(sort.removeprefix("-"), SORTS[DEFAULT_SORT])
    return [_reversed(field) for field in fields] if sort.startswith("-") else list(fields)


def _reversed(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"


def coverage(*, on: date) -> list[RegionCoverage]:
    """Every region with the contracts that may receive its people on a day; three queries."""
    covering = LotRegion.objects.filter(kind__in=RECEIVING_KINDS, lot__contracts__in=_running(on))
    lots: dict[str, set[int]] = {}
    for region_code, lot_id in covering.order_by("pk").values_list("region_id", "lot_id"):
        lots.setdefault(region_code, set()).add(lot_id)
    running = list(_in_answering_order(_running(on).select_related("holder", "lot__market")))
    return [
        RegionCoverage(
            region, tuple(contract for contract in running if contract.lot_id in lots.get(region.code, ()))
        )
        for region in region_list()
    ]


def _running(on: date) -> QuerySet[Contract]:
    return Contract.objects.in_force(on).filter(lot__kind__in=RECEIVING_KINDS)


def why_received(*, place: Commune | Region, on: date) -> list[str]:
    """Lot by lot, in French, why a contract receives the people of this place on this day, or does not."""
    code = region_code_of(place)
    lots = Lot.objects.filter(lot_regions__region=code, kind__in=RECEIVING_KINDS).select_related("market")
    contracts = Prefetch("contracts", Contract.objects.select_related("holder").order_by("starts_on", "pk"))
    answer = contract_in_force(place, on)
    ordered = lots.prefetch_related(contracts).order_by("-market__number", "number", "pk")
    return [_why_lot(lot, on=on, answer=answer) for lot in ordered]


def _why_lot(lot: Lot, *, on: date, answer: Contract | None) -> str:
    name = f"{lot} ({lot.get_kind_display()}, marché {lot.market.years})"
    running = next(
        (contract for contract in lot.contracts.all() if contract.starts_on <= on <= contract.ends_on), None
    )
    if running is None:
        return f"{name} : {_why_nobody(lot, on)}."
    if answer is not None and running.pk == answer.pk:
        return f"{name} : contrat en vigueur, c’est {running.holder.name} qui reçoit."
    return f"{name} : contrat en vigueur de {running.holder.name}, mais un autre passe avant."


def _why_nobody(lot: Lot, on: date) -> str:
    if lot.outcome == LotOutcome.NO_OFFER:
        return "aucune offre reçue, donc aucun titulaire"
    if on < lot.market.starts_on:
        return f"le service ne commence que le {dated_day(lot.market.starts_on)}"
    if on > lot.market.ends_on:
        return f"le service a pris fin le {dated_day(lot.market.ends_on)}"
    return (
        "aucun contrat connu à cette date"
        if not lot.contracts.all()
        else "aucun contrat en vigueur ce jour-là"
    )
