"""What accounts must know of the apps above, given by them in AppConfig.ready()."""

from collections.abc import Callable

_regions: list[Callable[[], dict[str, str]]] = []


def register_regions(names: Callable[[], dict[str, str]]) -> None:
    """Tell which regions exist: a function giving names by INSEE code."""
    _regions[:] = [names]


def region_names() -> dict[str, str]:
    """The names of the regions by INSEE code; empty when nobody registered."""
    return _regions[0]() if _regions else {}
