"""The communes that bear a name, begin with it, hold it or nearly bear it; each list with its old names."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import reduce
from math import log10
from operator import or_
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Greatest

from cep_portal.territories.enums import PlaceKind
from cep_portal.territories.models import Commune, PlaceName
from cep_portal.territories.rules import name_key
from cep_portal.territories.rules.names import likely_errors, near_readings
from cep_portal.territories.selectors.communes import communes

ENOUGH = 12
WEIGHED = 60
# Names that share fewer trigrams are not looked at; short names share few.
CLOSE_ENOUGH, CLOSE_ENOUGH_SHORT, SHORT = 0.36, 0.2, 6
CLOSE_WORD = 0.5
ERROR_WEIGHT = 1.5


@dataclass(frozen=True)
class Match:
    """A commune and, when it answers to another name than its own, that name; `key` is the name searched."""

    commune: Commune
    former: str = ""
    key: str = ""
    likelihood: float = 0.0

    @property
    def label(self) -> str:
        """« Annecy – Haute-Savoie (74), pour Cran-Gevrier »."""
        return f"{self.commune.label}, pour {self.former}" if self.former else self.commune.label


def exact_matches(texts: Collection[str]) -> list[Match]:
    """The communes whose full name, present or former, is one of these; two queries."""
    if not texts:
        return []
    named = Q(search_key__in=[name_key(text) for text in texts])
    own, others = _present(named), _former(named)
    present = {(match.commune.pk, match.key) for match in own}
    return [*own, *(match for match in others if (match.commune.pk, match.key) not in present)]


def bound_matches(texts: Collection[str]) -> list[Match]:
    """Those that begin with the whole words: « corbeil » begins Corbeil-Essonnes; the largest; one query."""
    return _present(_any("startswith", [f"{text} " for text in texts]), most=ENOUGH)


def begun_matches(texts: Collection[str]) -> list[Match]:
    """Those that begin with the letters, former names too: « renn »; two queries."""
    begins = _any("startswith", texts)
    return [*_present(begins, most=ENOUGH), *_former(begins, most=ENOUGH)]


def inner_matches(texts: Collection[str]) -> list[Match]:
    """Those that hold the words further on: « essonnes »; one query."""
    return _present(_any("contains", [f" {text}" for text in texts]), most=ENOUGH)


def near_matches(words: str) -> list[Match]:
    """Those an article away: « mans » for Le Mans."""
    return exact_matches(near_readings(words))


def close_matches(words: str) -> list[Match]:
    """Those a few letters away, found by trigrams, judged letter by letter; two queries."""
    close = Q(search_name__trigram_similar=words) | Q(search_name__trigram_word_similar=words)
    closeness = Greatest(TrigramSimilarity("search_name", words), TrigramWordSimilarity(words, "search_name"))
    least = CLOSE_ENOUGH_SHORT if len(words) < SHORT else CLOSE_ENOUGH
    with transaction.atomic(), connection.cursor() as cursor:
        # The defaults make the index return thousands of « Saint… » to weigh.
        cursor.execute("SET LOCAL pg_trgm.similarity_threshold = %s", [least])
        cursor.execute("SET LOCAL pg_trgm.word_similarity_threshold = %s", [CLOSE_WORD])
        present = communes().filter(close).annotate(closeness=closeness)
        rows = list(present.order_by("-closeness", "-population", "pk")[:WEIGHED])
        former = _places().filter(close).annotate(closeness=closeness)
        places = list(former.order_by("-closeness", "pk")[:WEIGHED])
    found = [(Match(row), row.search_name) for row in rows]
    found += [(_of_place(place), place.search_name) for place in places]
    judged = [(match, likely_errors(words, name)) for match, name in found]
    return [weighed(match, errors) for match, errors in judged if errors is not None]


def _present(named: Q, most: int | None = None) -> list[Match]:
    rows = communes().filter(named).order_by("-population", "pk")[:most]
    return [weighed(Match(commune, key=name_key(commune.search_name))) for commune in rows]


def _former(named: Q, most: int | None = None) -> list[Match]:
    rows = _places().filter(named).order_by("-commune__population", "pk")[:most]
    return [weighed(_of_place(place)) for place in rows]


def _places() -> Any:
    return PlaceName.objects.select_related("commune__department__region")


def _of_place(place: PlaceName) -> Match:
    """The name is said, but for an arrondissement: its commune says it."""
    former = "" if place.kind == PlaceKind.MUNICIPAL else place.name
    return Match(place.commune, former=former, key=name_key(place.search_name))


def weighed(match: Match, errors: int = 0) -> Match:
    """A large commune is likelier; one letter wrong weighs as thirty times fewer inhabitants."""
    likelihood = log10(match.commune.population + 1) - ERROR_WEIGHT * errors
    return Match(match.commune, match.former, match.key, likelihood)


def _any(how: str, texts: Iterable[str]) -> Q:
    return reduce(or_, (Q(**{f"search_name__{how}": text}) for text in texts))
