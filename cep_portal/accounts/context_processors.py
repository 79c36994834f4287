from django.conf import settings
from django.urls import reverse

from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import entries_for


def shell(request) -> dict:
    """What base.html shows on every page: menu, identity, demonstration banner, legal facts."""
    user = getattr(request, "user", None)
    person = user if user is not None and user.is_authenticated else None
    return {
        "nav": _nav(request, person.role if person else None),
        "identity": _identity(request, person) if person else None,
        "demonstration": settings.PORTAL_DEMONSTRATION,
        "may_leave": person is None or person.role == Role.BENEFICIARY,
        "mfa_optional": not settings.PORTAL_SECOND_FACTOR_REQUIRED,
        "legal": settings.PORTAL_LEGAL,
    }


def _nav(request, role: str | None) -> list[dict]:
    entries = []
    for entry in entries_for(role):
        url = reverse(entry.url_name)
        entries.append({"label": entry.label, "url": url, "current": request.path == url})
    return entries


def _identity(request, user) -> dict:
    mandate = user.mandate
    return {
        "name": user.full_name,
        "role": mandate.get_role_display() if mandate else "sans mandat",
        "scope": scope_label(mandate),
        "switch_url": reverse("accounts:switch") if len(request.mandates) > 1 else None,
        "sign_out_url": reverse("account_logout"),
    }


def scope_label(mandate) -> str:
    """The territory or organisation shown beside the role; empty for national mandates."""
    if mandate is None:
        return ""
    return mandate.organisation.name if mandate.organisation else mandate.region_name
