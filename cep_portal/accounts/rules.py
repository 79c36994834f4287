from typing import TYPE_CHECKING

from cep_portal.accounts.enums import Role

if TYPE_CHECKING:
    from cep_portal.accounts.models import User

DRAFT_BYTES = 64_000  # several times the longest text of a page
DRAFTS = 20  # pages of one account, in a day
LONGEST_PATH = 500


def is_agent(user: "User") -> bool:
    return user.role in Role.agents


def has_to_do(user: "User") -> bool:
    return user.role in Role.with_to_do


def can_manage_mandates(user: "User") -> bool:
    return user.role == Role.ADMINISTRATOR


def siret_is_valid(siret: str) -> bool:
    """Luhn check of the 14 digits of a SIRET (INSEE)."""
    if len(siret) != 14 or not siret.isascii() or not siret.isdigit():
        return False
    doubled = (int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(siret))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


# Edge and Opera also say Chrome, and Chrome also says Safari: the first that answers is the right one.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
DEVICES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def browser_name(user_agent: str) -> str:
    """« Firefox, Windows »: enough to recognise one's own device, too little to follow anybody."""
    found = [next((name for sign, name in signs if sign in user_agent), "") for signs in (BROWSERS, DEVICES)]
    return ", ".join(name for name in found if name) or "Navigateur inconnu"


def is_page(path: str) -> bool:
    """Whether a draft may come from this address and lead to it: a page of this portal, not too long."""
    return path.startswith("/") and not path.startswith("//") and len(path) <= LONGEST_PATH
