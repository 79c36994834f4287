"""« Which commune? » from what a person typed: one only when it is certain, else a question (ADR 0049)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db.models import Q

from cep_portal.territories.models import Commune
from cep_portal.territories.reference import OUTSIDE_PLACES, OutsidePlace
from cep_portal.territories.rules import TypedPlace, name_key, read_place
from cep_portal.territories.rules.names import likely_errors, readings
from cep_portal.territories.rules.typed import roman_district
from cep_portal.territories.selectors.areas import Area, areas_called
from cep_portal.territories.selectors.communes import communes
from cep_portal.territories.selectors.names import (
    Match,
    begun_matches,
    bound_matches,
    close_matches,
    exact_matches,
    inner_matches,
    near_matches,
    weighed,
)

SHORTEST_TEXT = 2
MOST = 12  # twelve communes are called Sainte-Colombe: all are offered
MOST_OF_WORDS = 6
LEAST_RIVALS = 3
DEPARTMENT_DIGITS = {"20": ("2A", "2B")}
OVERSEAS = ("97", "98")


@dataclass(frozen=True)
class Lookup:
    """The communes somebody may mean, likeliest first; `certain` when nothing has to be asked.

    `outside` is a place that no lot covers and that the text may name as well.
    """

    matches: list[Match] = field(default_factory=list)
    certain: Commune | None = None
    outside: OutsidePlace | None = None

    @property
    def communes(self) -> list[Commune]:
        return [match.commune for match in self.matches]


def look_up(text: str) -> Lookup:
    """The communes of a name, a former name, a postcode, a CEDEX code, a department, a region.

    Certain: the full name of one commune (or the former name), when no larger one begins with it and
    nothing else bears it; a postcode of one commune; a name and a number that agree on one. All else, a
    typing error first, is a question. One to eleven queries, all on indexes.
    """
    typed = read_place(text)
    if len(typed.words) < SHORTEST_TEXT and len(typed.number) < SHORTEST_TEXT:
        return _by_letter(typed.words)
    outside = _outside(typed)
    if outside is not None and _is_numbered(outside, typed):
        return Lookup(outside=outside)
    if not typed.words:
        return _by_number(typed)
    named = _by_words(typed, outside)
    if not typed.number or _is_district(typed, named):
        return named
    return _crossed(typed, named)


def _by_letter(letter: str) -> Lookup:
    """One commune is called Y."""
    matches = exact_matches([letter] if letter else [])
    return Lookup(matches, certain=matches[0].commune if len(matches) == 1 else None)


def _outside(typed: TypedPlace) -> OutsidePlace | None:
    for place in OUTSIDE_PLACES:
        if _is_numbered(place, typed) or (not typed.number and typed.words in place.aliases):
            return place
    return None


def _is_numbered(place: OutsidePlace, typed: TypedPlace) -> bool:
    return bool(place.postcodes) and typed.number.startswith(place.postcodes)


def _by_number(typed: TypedPlace) -> Lookup:
    matches, is_known = _numbered(typed)
    is_certain = is_known and typed.is_postcode and len(matches) == 1
    return Lookup(matches[:MOST], certain=matches[0].commune if is_certain else None)


def _numbered(typed: TypedPlace) -> tuple[list[Match], bool]:
    """The communes of a number, and whether it is a postcode (or its beginning) rather than a CEDEX code."""
    digits = typed.number
    inside = communes().filter(_bears(digits)).distinct().order_by("-population", "pk")
    matches = [Match(commune) for commune in inside]
    if matches or not typed.is_postcode:
        return matches or [Match(commune) for commune in _begun_by_nought(digits)], True
    return _cedex(digits), False


def _bears(digits: str) -> Q:
    department = Q(department=digits) | Q(department__in=DEPARTMENT_DIGITS.get(digits, ()))
    return department | Q(postcodes__postcode__startswith=digits)


def _begun_by_nought(digits: str) -> Iterable[Commune]:
    """« 1000 » for « 01000 »: a spreadsheet has eaten the nought."""
    if len(digits) != 4:
        return []
    return communes().filter(postcodes__postcode=f"0{digits}").distinct().order_by("-population", "pk")


def _cedex(digits: str) -> list[Match]:
    """No list of CEDEX codes is free: the department, the towns of the same three digits first."""
    code = digits[:3] if digits.startswith(OVERSEAS) else digits[:2]
    departments = DEPARTMENT_DIGITS.get(code, (code,))
    inside = communes().filter(department__in=departments).order_by("-population", "pk")
    same = set(
        inside.filter(postcodes__postcode__startswith=digits[:3]).values_list("pk", flat=True).order_by()
    )
    return [Match(commune) for commune in sorted(inside, key=lambda commune: commune.pk not in same)]


def _is_district(typed: TypedPlace, named: Lookup) -> bool:
    """« Paris 12 » : the number belongs to the name, it is no department."""
    return not typed.is_postcode and named.certain is not None and bool(exact_matches(_with_district(typed)))


def _with_district(typed: TypedPlace) -> list[str]:
    return [f"{typed.words} {typed.district}"] if typed.district else []


def _by_words(typed: TypedPlace, outside: OutsidePlace | None) -> Lookup:
    districts = exact_matches(_with_district(typed)) or _roman(typed)
    if districts:
        return Lookup(districts, certain=districts[0].commune if len(districts) == 1 else None)
    texts = readings(typed.words)
    exact, begun = exact_matches(texts), bound_matches(texts)
    areas = areas_called(typed.words)
    if exact:
        larger = [match for match in begun if _outweighs(match, exact)]
        others = _area_matches(areas, but=exact)
        asked = len(_codes(exact)) > 1 or larger or others or outside
        if not asked:
            return Lookup(_distinct([*exact, *begun])[:MOST], certain=exact[0].commune)
        return Lookup(_likeliest(exact, [*larger, *others], begun), outside=outside)
    if outside is not None:
        return Lookup(outside=outside)
    return _guesses(typed.words, texts, begun, areas)


def _roman(typed: TypedPlace) -> list[Match]:
    read = roman_district(typed.words) if typed.words else None
    return exact_matches(_with_district(read)) if read else []


def _outweighs(match: Match, exact: list[Match]) -> bool:
    """A former name gives way to any commune that begins with it; a commune of today to a larger one."""
    return any(
        match.commune.pk != other.commune.pk
        and (bool(other.former) or match.commune.population > other.commune.population)
        for other in exact
    )


def _likeliest(exact: list[Match], others: list[Match], begun: list[Match]) -> list[Match]:
    """By number of inhabitants: all that bear the very name, however many, and the largest of the others."""
    own = _codes(exact)
    rivals = [match for match in _distinct(sorted(others, key=_size)) if match.commune.pk not in own]
    shown = sorted([*_distinct(exact), *rivals[: max(LEAST_RIVALS, MOST - len(own))]], key=_size)
    return _distinct([*shown, *begun])[: max(MOST, len(shown))]


def _size(match: Match) -> tuple[int, str]:
    return -match.commune.population, match.commune.pk


def _area_matches(areas: list[Area], *, but: Iterable[Match] = ()) -> list[Match]:
    """The largest communes of a region or a department; Paris is a department of one commune."""
    departments = [code for area in areas for code in area.departments]
    if not departments:
        return []
    inside = communes().filter(department__in=departments).order_by("-population", "pk")[:MOST]
    known = _codes(but)
    return [Match(commune) for commune in inside if commune.pk not in known]


def _guesses(words: str, texts: list[str], begun: list[Match], areas: list[Area]) -> Lookup:
    """No full name: every answer is a question, but a name followed by its own department or region."""
    if areas:
        return Lookup(_distinct([*_area_matches(areas), *begun])[:MOST])
    placed, is_sure = _placed(words)
    if is_sure:
        return Lookup(placed, certain=placed[0].commune)
    likely = [*near_matches(words), *begun, *begun_matches(texts), *close_matches(texts[0])]
    likely += _weighed_areas(words)
    ordered = sorted(likely, key=lambda match: -match.likelihood)
    return Lookup(_distinct([*ordered, *placed, *inner_matches(texts)])[:MOST], outside=_close_outside(words))


def _weighed_areas(words: str) -> list[Match]:
    """« Mayote » may be Mayotte: its communes, with one letter wrong."""
    matches = _area_matches(areas_called(words, with_errors=True))
    return [weighed(match, errors=1) for match in matches]


def _close_outside(words: str) -> OutsidePlace | None:
    return next(
        (
            place
            for place in OUTSIDE_PLACES
            if any(likely_errors(words, alias, is_whole=True) is not None for alias in place.aliases)
        ),
        None,
    )


def _placed(words: str) -> tuple[list[Match], bool]:
    """« Saint-Denis de la Réunion », « Lille Lomme », « Rennes centre »: names inside the words.

    Sure when a full name is followed or preceded by the department or the region it lies in, and alone there.
    """
    tokens = words.split()
    heads = [" ".join(tokens[:cut]) for cut in range(len(tokens) - 1, 0, -1)]
    tails = [" ".join(tokens[cut:]) for cut in range(1, len(tokens))]
    if not heads:
        return [], False
    by_name: dict[str, list[Match]] = {}
    for match in exact_matches([*heads, *tails]):
        by_name.setdefault(match.key, []).append(match)
    for head, tail in zip(heads, reversed(tails), strict=True):
        for name, place in ((head, tail), (tail, head)):
            inside = {code for area in areas_called(place) for code in area.departments}
            agreed = [
                match for match in by_name.get(name_key(name), []) if match.commune.department_id in inside
            ]
            if agreed:
                return agreed, len(_codes(agreed)) == 1
    longest = sorted(by_name, key=len, reverse=True)
    matches = [match for key in longest for match in sorted(by_name[key], key=_size)]
    return _distinct(matches), False


def _crossed(typed: TypedPlace, named: Lookup) -> Lookup:
    """A number beside the words: certain where they agree on one commune, else the words' communes first."""
    numbered, is_known = _numbered(typed)
    inside = _codes(numbered)
    texts = readings(typed.words)
    exact = exact_matches(texts)
    agreed = [match for match in exact if match.commune.pk in inside]
    if len(_codes(agreed)) == 1:
        larger = [match for match in bound_matches(texts) if _outweighs(match, agreed)]
        larger = [match for match in larger if match.commune.pk in inside]
        if not larger:
            return Lookup(agreed, certain=agreed[0].commune)
        return Lookup(_distinct([*larger, *agreed]))
    if not exact and is_known and typed.is_postcode and len(numbered) == 1:
        begun = {match.commune.pk for match in bound_matches(texts)}
        if numbered[0].commune.pk in begun or _is_sure_of(named, numbered[0]):
            return Lookup(numbered, certain=numbered[0].commune)
    close = [match for match in _within(typed, numbered) if match.commune.pk in inside]
    of_words = _distinct([*agreed, *close, *named.matches])[:MOST_OF_WORDS]
    return Lookup(_distinct([*of_words, *numbered])[:MOST], outside=named.outside)


def _is_sure_of(named: Lookup, match: Match) -> bool:
    return named.certain is not None and named.certain.pk == match.commune.pk


def _within(typed: TypedPlace, numbered: list[Match]) -> list[Match]:
    """The communes of the number whose name is likely the words."""
    close = [
        replace(match, likelihood=-errors)
        for match in numbered
        if (errors := likely_errors(typed.words, match.commune.search_name)) is not None
    ]
    return sorted(close, key=lambda match: -match.likelihood)


def _codes(matches: Iterable[Match]) -> set[str]:
    return {match.commune.pk for match in matches}


def _distinct(matches: Iterable[Match]) -> list[Match]:
    """The first match of each commune."""
    kept: dict[str, Match] = {}
    for match in matches:
        kept.setdefault(match.commune.pk, match)
    return list(kept.values())
