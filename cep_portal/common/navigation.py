"""The registry of the main menu: each app adds its entries in AppConfig.ready()."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    label: str
    url_name: str
    roles: frozenset[str]
    order: int = 50
    group: str = ""  # entries of one group share one place in the menu, and a row below it


@dataclass(frozen=True)
class Search:
    """The box at the top of a role's pages: what is sent there, by POST, is never in an address."""

    label: str
    url_name: str
    field: str
    roles: frozenset[str]


_entries: list[Entry] = []
_searches: list[Search] = []


def register(*entries: Entry) -> None:
    """Add menu entries; a second registration of the same URL for the same roles is an error."""
    for entry in entries:
        if any(known.url_name == entry.url_name and known.roles & entry.roles for known in _entries):
            raise ValueError(f"menu entry registered twice: {entry.url_name}")
        _entries.append(entry)


def entries_for(role: str | None) -> list[Entry]:
    """The menu of a role, in order; the first entry is the role's first screen."""
    chosen = [entry for entry in _entries if role in entry.roles]
    return sorted(chosen, key=lambda entry: (entry.order, entry.label))


def register_search(search: Search) -> None:
    """Add the box of some roles; a second one for the same role is an error."""
    if any(known.roles & search.roles for known in _searches):
        raise ValueError(f"search box registered twice: {search.url_name}")
    _searches.append(search)


def search_for(role: str | None) -> Search | None:
    return next((one for one in _searches if role in one.roles), None)
