"""Regions and departments as people name them, the former regions too."""

from dataclasses import dataclass

from cep_portal.territories.models import Department
from cep_portal.territories.reference import AREAS
from cep_portal.territories.rules.names import LINKS, fold_name, likely_errors, without_article


@dataclass(frozen=True)
class Area:
    name: str
    departments: tuple[str, ...]


def areas_called(words: str, *, with_errors: bool = False) -> list[Area]:
    """The areas of this very name, article and « de » apart; with typing errors when asked; one query."""
    wanted = _bare(words)
    if not wanted:
        return []
    return [area for area in _areas() if _is_called(wanted, area, with_errors=with_errors)]


def _is_called(wanted: str, area: Area, *, with_errors: bool) -> bool:
    if with_errors:
        return likely_errors(wanted, area.name, is_whole=True) is not None
    return wanted == without_article(area.name)


def _bare(words: str) -> str:
    tokens = words.split()
    while tokens and tokens[0] in LINKS:
        tokens = tokens[1:]
    return without_article(" ".join(tokens))


def _areas() -> list[Area]:
    rows = Department.objects.order_by("pk").values_list("pk", "name", "region__name")
    regions: dict[str, list[str]] = {}
    areas = []
    for code, name, region in rows:
        areas.append(Area(fold_name(name), (code,)))
        regions.setdefault(region, []).append(code)
    areas += [Area(fold_name(name), tuple(codes)) for name, codes in regions.items()]
    known = {code for area in areas for code in area.departments}
    former = [Area(name, departments) for name, departments in AREAS.items() if known.issuperset(departments)]
    return [*areas, *former]
