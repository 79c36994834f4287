import re
from collections.abc import Collection
from datetime import date

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import (
    Case,
    F,
    FloatField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Greatest, Log

from cep_portal.territories.models import (
    Commune,
    EmployedPopulation,
    PublicHoliday,
    Region,
)
from cep_portal.territories.rules import OUTSIDE_POSTCODES, fold_name

SHORTEST_TEXT = 2
# Below this many exact answers, the text may hold a typing error: close names are added.
ENOUGH_EXACT = 3
CLOSE_ENOUGH = 0.36
MOST_CLOSE = 5
SIZE_WEIGHT = 0.05
ARTICLES = ("l", "la", "le", "les")


def region_list() -> QuerySet[Region]:
    """The regions in French alphabetical order (« Île-de-France » among the I)."""
    return Region.objects.order_by("name__unaccent", "pk")


def communes() -> QuerySet[Commune]:
    """Communes with their department and region: what `contract_in_force` and labels need."""
    return Commune.objects.select_related("department__region")


def commune_by_code(code: str) -> Commune | None:
    return communes().filter(code=code).first()


def search_communes(text: str, limit: int = 10) -> list[Commune]:
    """The communes a person may mean, likeliest first: « st denis », « 93200 », « Marseile », « 35 rennes ».

    A postcode (or its beginning) filters, words are looked for at the start of the name, then inside it,
    then with typing errors; large communes come first. One to three queries, all on indexes.
    """
    digits, words = _split(text)
    if len(digits) < SHORTEST_TEXT and len(words) < SHORTEST_TEXT:
        return []
    inside = _with_postcode(communes(), digits)
    if not words:
        return list(inside.order_by("-population", "pk")[:limit])
    found = _exact(inside, words, limit)
    certain = set(_very_names(words)).intersection(commune.search_name for commune in found)
    if len(found) < ENOUGH_EXACT and not certain:
        known = [commune.pk for commune in found]
        found += _close(inside.exclude(pk__in=known), words, MOST_CLOSE)
    return found[:limit]


def outside_collectivity(text: str) -> str | None:
    """The overseas collectivity of this postcode, which no lot covers; None elsewhere."""
    digits, _words = _split(text)
    return OUTSIDE_POSTCODES.get(digits)


def typed_name(text: str) -> str:
    """The words of the text as names are stored: « 35 Rennes » → « rennes »."""
    return _split(text)[1]


def _split(text: str) -> tuple[str, str]:
    """« 93200 St-Denis » → ("93200", "saint denis")."""
    folded = fold_name(text[:80])
    numbers = re.findall(r"\b\d{2,5}\b", folded)
    words = re.sub(r"\d+", " ", folded)
    return numbers[0] if numbers else "", " ".join(words.split())


def _with_postcode(inside: QuerySet[Commune], digits: str) -> QuerySet[Commune]:
    if not digits:
        return inside
    return inside.filter(postcodes__postcode__startswith=digits).distinct()


def _exact(inside: QuerySet[Commune], words: str, limit: int) -> list[Commune]:
    """The very name, then names that start with the words, then those that hold them."""
    very = _very_names(words)
    first = inside.filter(Q(search_name__startswith=words) | Q(search_name__in=very))
    rank = Case(When(search_name__in=very, then=Value(0)), default=Value(1))
    found: list[Commune] = list(first.order_by(rank, "-population", "pk")[:limit])
    if len(found) < limit:
        further = inside.filter(search_name__contains=f" {words}")
        further = further.exclude(pk__in=[commune.pk for commune in found])
        found += further.order_by("-population", "pk")[: limit - len(found)]
    return found


def _very_names(words: str) -> list[str]:
    """« mans » is « le mans » for many: the article does not count."""
    return [words, *(f"{article} {words}" for article in ARTICLES)]


def _close(inside: QuerySet[Commune], words: str, limit: int) -> list[Commune]:
    """Names that share most trigrams with the words (pg_trgm); a large commune is likelier."""
    closeness = Greatest(
        TrigramSimilarity("search_name", words),
        TrigramWordSimilarity(words, "search_name"),
    )
    size = Log(10, F("population") + 1, output_field=FloatField())
    close = (
        inside.filter(search_name__trigram_similar=words)
        .annotate(likelihood=closeness + size * SIZE_WEIGHT)
        .order_by("-likelihood", "pk")[:limit]
    )
    with transaction.atomic(), connection.cursor() as cursor:
        # The default, 0.3, makes the index return thousands of « Saint… » to weigh.
        cursor.execute("SET LOCAL pg_trgm.similarity_threshold = %s", [CLOSE_ENOUGH])
        return list(close)


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
