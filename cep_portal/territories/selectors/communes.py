from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from cep_portal.territories.models import Commune, EmployedPopulation, PublicHoliday, Region


def region_list() -> QuerySet[Region]:
    """The regions in French alphabetical order (« Île-de-France » among the I)."""
    return Region.objects.order_by("name__unaccent", "pk")


def communes() -> QuerySet[Commune]:
    """Communes with their department and region: what `contract_in_force` and labels need."""
    return Commune.objects.select_related("department__region")


def commune_by_code(code: str) -> Commune | None:
    return communes().filter(code=code).first()


def holidays(*, department: str, starts: date, ends: date) -> dict[date, str]:
    """The legal public holidays of a department between two days, both included, with their names.

    Local custom days (Guadeloupe, Martinique) are not law and are left out.
    """
    days = PublicHoliday.objects.filter(department=department, day__range=(starts, ends), is_legal=True)
    return dict(days.order_by("day").values_list("day", "name"))


def employed_population(
    region_codes: Collection[str] | None = None, *, year: int | None = None
) -> QuerySet[EmployedPopulation]:
    """The newest employment of each region (or of all), not after `year`: total, year, scope, status, source.

    It counts public agents, who are outside the service: show it with its year and source, never alone.
    """
    rows = EmployedPopulation.objects.select_related("region")
    if region_codes is not None:
        rows = rows.filter(region__in=list(region_codes))
    if year is not None:
        rows = rows.filter(year__lte=year)
    return rows.order_by("region", "-year").distinct("region")


def region_names() -> dict[str, str]:
    """The names of the regions by INSEE code, in the order of names; one query."""
    return dict(Region.objects.order_by("name").values_list("code", "name"))
