"""Does an address look like one that an employer can read? A pure rule that warns and never blocks."""

from cep_portal.common.emails import is_personal

RESERVED = ("example", "test", "invalid", "localhost")  # RFC 2606: nobody's employer
# A mailbox that several colleagues read, whatever its domain.
SHARED_NAMES = frozenset(
    """
    accueil admin administratif administration agence atelier bureau cabinet commande commercial
    compta comptabilite contact direction drh formation gerance hello info infos magasin office paie
    planning production recrutement reception rh secretariat service siege standard support
    """.split()  # noqa: SIM905 -- a list of words reads better than eighty lines
)


def looks_like_employer(address: str) -> bool:
    """True for a domain that is no known personal mailbox, and for a name that a team shares.

    « contact@dupont-menuiserie.fr », « lea@mairie-x.fr » and « rh@orange.fr » do; « lea@orange.fr » does not.
    """
    name, _, domain = address.strip().lower().rpartition("@")
    if not name or domain.rsplit(".", 1)[-1] in RESERVED:
        return False
    return not is_personal(domain) or _is_shared(name)


def domain_of(address: str) -> str:
    return address.strip().lower().rpartition("@")[2]


def _is_shared(name: str) -> bool:
    bare = name.split("+", 1)[0]
    return bare in SHARED_NAMES or bare.rstrip("0123456789") in SHARED_NAMES
