"""The one reader of e-mail addresses: what is wrong with one, and which one was likely meant (ADR 0052)."""

import re
import unicodedata
from functools import cache

from phonenumbers import SUPPORTED_REGIONS

from cep_portal.common.wording.typography import NO_BREAK_SPACE

# Mailboxes that people open for themselves in France: operators, webmails, aliases. `name.*`: any ending.
PERSONAL = frozenset(
    """
    9online.fr alice.fr aliceadsl.fr aol.* bbox.fr caramail.* cegetel.net cheznoo.net club.fr
    club-internet.fr dartybox.com dbmail.com disroot.org duck.com email.com fastmail.* fastmail.fm
    free.fr freesurf.fr gmail.com gmx.* googlemail.com hey.com hotmail.* icloud.com ik.me infonie.fr
    inbox.com lagoon.nc laposte.net libertysurf.fr live.* mac.com mail.com mail.pf mailbox.org
    mailo.* me.com mediaserv.net msn.com murena.io neuf.fr net-c.* netcourrier.com noos.fr
    nordnet.fr numericable.fr only.fr orange.fr orange.re outlook.* passmail.net pm.me posteo.*
    privaterelay.appleid.com proton.me protonmail.* riseup.net rocketmail.com sfr.fr simplelogin.*
    slmail.me tele2.fr tuta.* tutamail.com tutanota.* voila.fr wanadoo.* worldonline.fr yahoo.*
    ymail.com zaclys.net
    """.split()  # noqa: SIM905 -- a list of words reads better than eighty lines
)
# Those that a typing error most likely aimed at, the most used first, with their endings in France.
LIKELY = {
    "gmail": ("com",),
    "orange": ("fr",),
    "hotmail": ("fr", "com", "be", "ch"),
    "outlook": ("fr", "com", "be"),
    "yahoo": ("fr", "com"),
    "laposte": ("net",),
    "free": ("fr",),
    "wanadoo": ("fr",),
    "sfr": ("fr",),
    "live": ("fr", "com", "be"),
    "icloud": ("com",),
    "neuf": ("fr",),
    "bbox": ("fr",),
    "protonmail": ("com", "ch"),
    "proton": ("me",),
    "msn": ("com",),
    "gmx": ("fr", "com", "net"),
    "aol": ("com", "fr"),
    "numericable": ("fr",),
    "club-internet": ("fr",),
    "cegetel": ("net",),
    "netcourrier": ("com",),
    "googlemail": ("com",),
    "ymail": ("com",),
    "mailo": ("com", "fr"),
}
CORPORATE = frozenset(("orange.com", "sfr.com", "aol.net", "proton.com", "proton.ch", "neuf.com"))
ENDINGS = ("fr", "com", "net", "org")  # of any other domain
# Endings that exist a letter away from those: nobody is asked about them.
REAL = frozenset(("bet", "cam", "new", "ong", "pet", "vet", "frl", "eu", "uk", "ac", "su"))
SHORT = 4  # letters: « love.fr » is not « live.fr », « vlie.fr » may be
EXAMPLE = "Exemple : prenom.nom@exemple.fr."
_SHAPE = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]",
    re.IGNORECASE,
)


def cleaned(text: str) -> str:
    """What nobody means to write is dropped: spaces around, invisible signs, the width of a letter."""
    narrow = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in narrow if unicodedata.category(sign) != "Cf").strip()


def is_personal(domain: str) -> bool:
    """Whether people open their own mailbox there; « yahoo.co.uk » is an ending, not a company."""
    if domain in PERSONAL:
        return True
    provider, _, ending = domain.partition(".")
    return f"{provider}.*" in PERSONAL and all(len(part) <= 3 for part in ending.split("."))


def problem(address: str) -> str:
    """What is wrong with an address, in a sentence that says it; blank for a well-formed one."""
    address = cleaned(address)
    if _SHAPE.fullmatch(address):
        return ""
    for is_wrong, sentence in _FAULTS:
        if is_wrong(address):
            return sentence
    return f"Cette adresse est incomplète, ou contient un signe de trop. {EXAMPLE}"


_FAULTS = (
    (lambda a: "@" not in a, f"Il manque le signe @ dans cette adresse. {EXAMPLE}"),
    (lambda a: a.count("@") > 1, "Cette adresse contient deux fois le signe @. N’en gardez qu’un."),
    (lambda a: re.search(r"\s", a), "Cette adresse contient un espace. Retirez-le."),
    (lambda a: re.search(r"[,;]", a), "Cette adresse contient une virgule. Mettez un point."),
    (lambda a: ".." in a, "Cette adresse contient deux points de suite. N’en gardez qu’un."),
    (lambda a: a.endswith((".", "-")), "Cette adresse finit par un point ou un tiret. Retirez-le."),
    (lambda a: re.search(r"(^|@)[.-]|\.@", a), "Un point est mal placé, au début ou à côté du signe @."),
    (lambda a: not a.isascii(), "Une adresse s’écrit sans accent ni cédille : é devient e, ç devient c."),
    (lambda a: a.startswith("@"), f"Il manque le début de l’adresse, avant le signe @. {EXAMPLE}"),
    (lambda a: a.endswith("@"), f"Il manque la fin de l’adresse, après le signe @. {EXAMPLE}"),
    (lambda a: "." not in a.rpartition("@")[2], f"Il manque la fin de l’adresse, comme .fr. {EXAMPLE}"),
)


def likely(address: str) -> str:
    """The address that was likely meant; blank when what was written stands as it is."""
    address = cleaned(address)
    repaired = _repaired(address)
    name, _, domain = repaired.rpartition("@")
    if not name:
        return ""
    domain = domain.lower()
    proposed = f"{name}@{_likely_domain(domain) or domain}"
    is_other = proposed.lower() != address.lower()
    return proposed if is_other and _SHAPE.fullmatch(proposed) else ""


def question(proposed: str) -> str:
    return f"Vouliez-vous dire {proposed}{NO_BREAK_SPACE}?"


def _repaired(address: str) -> str:
    """Signs that no address holds, put right: accents, commas, spaces, points in a row or at the end."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", address) if not unicodedata.combining(sign))
    bare = bare.translate({ord("œ"): "oe", ord("æ"): "ae", ord("’"): "'", ord(","): ".", ord(";"): "."})
    if "@" not in bare:
        bare = _with_at(bare)
    if re.search(r"\S\s+[^\s@]+@", bare):
        return ""  # « lea martin@… »: a point, a dash or nothing, nobody can tell
    bare = re.sub(r"@{2,}", "@", re.sub(r"\s+", "", bare))
    return re.sub(r"\.*@\.*", "@", re.sub(r"\.{2,}", ".", bare)).strip(".-")


def _with_at(address: str) -> str:
    """« lea.gmail.com », « lea gmail.com »: the domain is known, its sign was forgotten."""
    for provider, endings in LIKELY.items():
        for ending in endings:
            match = re.fullmatch(rf"(.*[^\s.])[\s.]*{provider}\.{ending}", address, re.IGNORECASE)
            if match:
                return f"{match[1]}@{provider}.{ending}"
    return address


@cache
def _likely_domain(domain: str) -> str:
    provider, _, ending = _with_point(domain).partition(".")
    if domain in PERSONAL or domain in CORPORATE:
        return ""
    if ending in LIKELY.get(provider, ()):
        return f"{provider}.{ending}"
    if provider in LIKELY:
        is_abroad = is_personal(domain) and all(part == "co" or _exists(part) for part in ending.split("."))
        return "" if is_abroad and ending not in ("co", "cm", "om") else _with_ending(provider, ending)
    near = [known for known in LIKELY if _is_near(provider, known)]
    if near and _may_end(ending):
        return _with_ending(min(near, key=lambda known: _distance(provider, known)), ending)
    return _known_ending(domain)


def _with_point(domain: str) -> str:
    """« gmailcom »: the point was forgotten."""
    pairs = ((known, ending) for known, endings in LIKELY.items() for ending in endings)
    return next((".".join(pair) for pair in pairs if "".join(pair) == domain), domain)


def _with_ending(provider: str, ending: str) -> str:
    endings = LIKELY[provider]
    return f"{provider}.{min(endings, key=lambda known: _distance(ending, known))}"


def _may_end(ending: str) -> bool:
    """Whether somebody of one of those mailboxes may have typed this ending: none, .fr, .com, near them."""
    return not ending or any(_distance(ending, known) <= 1 for known in (*ENDINGS, "be", "ch", "me"))


def _known_ending(domain: str) -> str:
    """A domain of anybody whose ending exists nowhere, and is a slip away from a usual one."""
    body, _, ending = domain.rpartition(".")
    if not body or _exists(ending):
        return ""
    near = [known for known in ENDINGS if _distance(ending, known) <= 1]
    return f"{body}.{near[0]}" if near else ""


def _exists(ending: str) -> bool:
    return ending in ENDINGS or ending in REAL or (len(ending) == 2 and ending.upper() in SUPPORTED_REGIONS)


def _is_near(provider: str, known: str) -> bool:
    """A slip on a short name must be a letter forgotten, doubled or swapped: « love » is another word."""
    if len(known) <= SHORT:
        is_swapped = sorted(provider) == sorted(known)
        is_slip = is_swapped or (len(known) == SHORT and len(provider) != SHORT)
        return is_slip and _distance(provider, known) == 1
    return _distance(provider, known) <= (1 if len(known) <= 6 else 2)


def _distance(first: str, second: str) -> int:
    """Letters forgotten, added, replaced or swapped with their neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, sign in enumerate(first, 1):
        before, last, row = row, before, [i]
        for j, other in enumerate(second, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (sign != other))
            if i > 1 and j > 1 and sign == second[j - 2] and first[i - 2] == other:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
