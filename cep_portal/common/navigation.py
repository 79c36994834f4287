"""The registry of the main menu: each app adds its entries in AppConfig.ready()."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    label: str
    url_name: str
    roles: frozenset[str]
    order: int = 50
    group: str = ""  # entries of one group share one place in the menu, and a row below it


_entries: list[Entry] = []


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
