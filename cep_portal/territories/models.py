from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Replace

from cep_portal.territories.enums import PlaceKind


class Region(models.Model):
    """One of the 18 regions (INSEE, code officiel géographique 2026). Reference data, loaded only."""

    code = models.CharField("code INSEE", primary_key=True, max_length=3)
    name = models.CharField("nom", max_length=60, unique=True)
    population = models.PositiveIntegerField("population")
    zone = models.CharField("fuseau horaire", max_length=40)

    class Meta:
        verbose_name = "région"

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """One of the 101 departments: public holidays and time zones depend on it."""

    code = models.CharField("code", primary_key=True, max_length=3)
    name = models.CharField("nom", max_length=60)
    region = models.ForeignKey(Region, models.PROTECT, related_name="departments")
    zone = models.CharField("fuseau horaire", max_length=40)

    class Meta:
        verbose_name = "département"

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Commune(models.Model):
    """One of the 34,875 communes; `search_name` is its name folded: no accent, lower case, spaces."""

    code = models.CharField("code INSEE", primary_key=True, max_length=5)
    name = models.CharField("nom", max_length=80)
    search_name = models.CharField(max_length=80, editable=False)
    search_key = models.GeneratedField(
        expression=Replace("search_name", Value(" "), Value("")),
        output_field=models.CharField(max_length=80),
        db_persist=True,
    )
    department = models.ForeignKey(Department, models.PROTECT, related_name="communes")
    population = models.PositiveIntegerField("population")
    longitude = models.FloatField("longitude")
    latitude = models.FloatField("latitude")

    class Meta:
        verbose_name = "commune"
        indexes = [
            GinIndex(OpClass("search_name", name="gin_trgm_ops"), name="commune_name_trgm"),
            models.Index(
                OpClass("search_name", name="varchar_pattern_ops"),
                name="commune_name_prefix",
            ),
            models.Index(fields=["search_key"], name="commune_key"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    @property
    def label(self) -> str:
        """« Saint-Denis – Seine-Saint-Denis (93) »; needs the department loaded."""
        return f"{self.name} – {self.department}"


class PlaceName(models.Model):
    """Another name of a commune of today: a former one, an arrondissement, a district.

    A district, « La Défense », lies in several communes and has a row for each. Reference data, loaded only.
    """

    commune = models.ForeignKey(Commune, models.CASCADE, related_name="place_names")
    name = models.CharField("nom", max_length=80)
    search_name = models.CharField(max_length=80, editable=False)
    search_key = models.GeneratedField(
        expression=Replace("search_name", Value(" "), Value("")),
        output_field=models.CharField(max_length=80),
        db_persist=True,
    )
    kind = models.CharField("nature", max_length=12, choices=PlaceKind)

    class Meta:
        verbose_name = "nom de lieu"
        constraints = [
            models.UniqueConstraint(fields=["commune", "name", "kind"], name="place_name_unique"),
            models.CheckConstraint(name="place_name_kind", condition=Q(kind__in=PlaceKind.values)),
        ]
        indexes = [
            GinIndex(OpClass("search_name", name="gin_trgm_ops"), name="place_name_trgm"),
            models.Index(OpClass("search_name", name="varchar_pattern_ops"), name="place_name_prefix"),
            models.Index(fields=["search_key"], name="place_name_key"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.commune_id})"


class CommunePostcode(models.Model):
    """A postcode of a commune: several communes may share one, one commune may have several."""

    commune = models.ForeignKey(Commune, models.CASCADE, related_name="postcodes")
    postcode = models.CharField("code postal", max_length=5)

    class Meta:
        verbose_name = "code postal"
        constraints = [
            models.UniqueConstraint(fields=["commune", "postcode"], name="commune_postcode_unique"),
            models.CheckConstraint(
                name="postcode_digits",
                condition=Q(postcode__regex=r"^\d{5}$"),
                violation_error_message="Un code postal compte 5 chiffres.",
            ),
        ]
        indexes = [models.Index(OpClass("postcode", name="varchar_pattern_ops"), name="postcode_prefix")]

    def __str__(self) -> str:
        return f"{self.postcode} {self.commune_id}"


class PublicHoliday(models.Model):
    """A day off in one department: Alsace-Moselle and overseas differ (data/README.md)."""

    department = models.ForeignKey(Department, models.CASCADE, related_name="holidays")
    day = models.DateField("jour")
    name = models.CharField("nom", max_length=80)
    is_legal = models.BooleanField("légal")

    class Meta:
        verbose_name = "jour férié"
        constraints = [
            models.UniqueConstraint(fields=["department", "day"], name="holiday_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.department_id}"


class EmployedPopulation(models.Model):
    """People in work in a region at the end of a year, with the source: denominator of uptake."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="employed_populations")
    year = models.PositiveSmallIntegerField("année")
    total = models.PositiveIntegerField("personnes en emploi")
    employees = models.PositiveIntegerField("salariés", null=True)
    self_employed = models.PositiveIntegerField("non-salariés", null=True)
    status = models.CharField("statut", max_length=200)
    scope = models.CharField("champ", max_length=300)
    source_url = models.URLField("source", max_length=300)

    class Meta:
        verbose_name = "population en emploi"
        constraints = [
            models.UniqueConstraint(fields=["region", "year"], name="employed_population_once_a_year"),
            models.CheckConstraint(
                name="employed_population_parts_fit",
                condition=Q(employees__isnull=True) | Q(employees__lte=F("total")),
                violation_error_message="Les salariés dépassent le total.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.year}"
