from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import SignedRequest, User
from cep_portal.common.navigation import Entry, Search, entries_for, search_for
from cep_portal.common.to_do import known_count
from cep_portal.common.undo import undo_offered


def shell(request: SignedRequest) -> dict:
    """What base.html shows on every page: menu, identity, demonstration banner, legal facts."""
    user = getattr(request, "user", None)
    person = user if user is not None and user.is_authenticated else None
    return {
        **_menus(request.path, entries_for(person.role if person else None), person),
        "identity": _identity(request, person) if person else None,
        "search_box": _search_box(search_for(person.role if person else None)),
        "demonstration": settings.PORTAL_DEMONSTRATION,
        "training_at": timezone.now() if settings.PORTAL_TRAINING else None,
        "may_leave": person is None or person.role == Role.BENEFICIARY,
        "mfa_optional": not settings.PORTAL_SECOND_FACTOR_REQUIRED,
        "undo": undo_offered(request, now=timezone.now()) if person else None,
        "legal": settings.PORTAL_LEGAL,
    }


def _search_box(search: Search | None) -> dict | None:
    if search is None:
        return None
    return {"label": search.label, "url": reverse(search.url_name), "field": search.field}


def _menus(path: str, entries: list[Entry], person: User | None) -> dict:
    """The main menu, a group being one entry that leads to its first page, and the row of the open group."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.group or entry.label, []).append(entry)
    nav, subnav = [], []
    for label, members in groups.items():
        items = [_item(member, path, person) for member in members]
        here = any(item["current"] for item in items)
        nav.append({**items[0], "label": label, "current": "true" if here else ""})
        if len(items) == 1:
            nav[-1] = items[0]
        elif here:
            subnav = items
    return {"nav": nav, "subnav": subnav}


def _item(entry: Entry, path: str, person: User | None) -> dict:
    """An entry with its number and its aria-current: the page itself, a page below it, or elsewhere."""
    url = reverse(entry.url_name)
    below = url.count("/") > 2 and path.startswith(url)  # the root of a desk is above all its pages
    current = "page" if path == url else "true" if below else ""
    count = known_count(person) if entry.counts and person else None
    return {"label": entry.label, "url": url, "current": current, "count": count}


def _identity(request: SignedRequest, user: User) -> dict:
    mandate = user.mandate
    return {
        "name": user.full_name,
        "role": mandate.get_role_display() if mandate else "sans mandat",
        "scope": scope_label(mandate),
        "switch_url": reverse("accounts:switch") if len(request.mandates) > 1 else None,
        "sign_out_url": reverse("account_logout"),
    }


def scope_label(mandate: Any) -> str:
    """The territory or organisation shown beside the role; empty for national mandates."""
    if mandate is None:
        return ""
    return mandate.organisation.name if mandate.organisation else mandate.region_name
