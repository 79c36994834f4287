"""Territories, and traces of them: whether they changed is known without reading them."""

from django.db.models import QuerySet, StringAgg, Value
from django.db.models.functions import MD5, Coalesce, Concat

from cep_portal.territories.models import Commune, Department, Region


def regions() -> QuerySet[Region]:
    return Region.objects.order_by("pk")


def departments() -> QuerySet[Department]:
    return Department.objects.order_by("pk")


def communes_of(*, department: str) -> QuerySet[Commune]:
    return Commune.objects.filter(department=department).prefetch_related("postcodes").order_by("pk")


def trace_of_communes(*, department: str) -> str:
    """A trace of all that `communes_of` would give, made by the database: nothing is read nor sent."""
    line = Concat("code", Value("|"), "name", Value("|"), Coalesce("postcodes__postcode", Value("")))
    told = StringAgg(line, Value("\n"), order_by=("code", "postcodes__postcode"))
    return Commune.objects.filter(department=department).aggregate(trace=MD5(told))["trace"] or ""


def trace_of_regions() -> str:
    return Region.objects.aggregate(trace=MD5(_told("code", "name", "zone")))["trace"] or ""


def trace_of_departments() -> str:
    return Department.objects.aggregate(trace=MD5(_told("code", "name", "zone", "region_id")))["trace"] or ""


def _told(*columns: str) -> StringAgg:
    signs = [part for column in columns for part in (column, Value("|"))]
    return StringAgg(Concat(*signs), Value("\n"), order_by="code")
