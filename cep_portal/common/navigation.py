"""The main menu, its search box, where a name leads: hooks that each subject fills in `contributions.py`."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from cep_portal.common.hooks import Hook


@dataclass(frozen=True)
class Entry:
    label: str
    url_name: str
    roles: frozenset[str]
    order: int = 50
    counts: bool = False  # the number of « À faire » stands beside it
    group: str = ""  # entries of one group share one place in the menu, and a row below it


@dataclass(frozen=True)
class Search:
    """The box at the top of a role's pages: what is sent there, by POST, is never in an address."""

    label: str
    url_name: str
    field: str
    roles: frozenset[str]


@dataclass(frozen=True)
class PersonPage:
    """The page that a person's name opens, by its `uuid`, for the roles that may read it."""

    url_name: str
    roles: frozenset[str]


MENU = Hook[Entry](
    "entries of the menu",
    same=lambda new, known: new.url_name == known.url_name and new.roles & known.roles,
)
SEARCHES = Hook[Search]("search box of a role", same=lambda new, known: new.roles & known.roles)
PERSON_PAGES = Hook[PersonPage]("page of a person", same=lambda new, known: new.roles & known.roles)


def entries_for(role: str | None) -> list[Entry]:
    """The menu of a role, in order; the first entry is the role's first screen."""
    chosen = [entry for entry in MENU if role in entry.roles]
    return sorted(chosen, key=lambda entry: (entry.order, entry.label))


def person_url(uuid: UUID, *, role: str | None) -> str:
    """Where a role reads a person; nothing for a role that reads nobody."""
    page = next((page for page in PERSON_PAGES if role in page.roles), None)
    return reverse(page.url_name, args=[uuid]) if page else ""


def search_for(role: str | None) -> Search | None:
    return next((search for search in SEARCHES if role in search.roles), None)
