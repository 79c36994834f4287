"""Does an address look like one that an employer can read? A pure rule that warns and never blocks."""

# Mailboxes that people open for themselves in France: operators, webmails, aliases. `name.*`: any ending.
PERSONAL = frozenset(
    """
    9online.fr alice.fr aliceadsl.fr aol.* bbox.fr caramail.* cegetel.net cheznoo.net club.fr
    club-internet.fr dartybox.com dbmail.com disroot.org duck.com email.com fastmail.* fastmail.fm
    free.fr freesurf.fr gmail.com gmx.* googlemail.com hey.com hotmail.* icloud.com ik.me infonie.fr
    inbox.com lagoon.nc laposte.net libertysurf.fr live.* mac.com mail.com mail.pf mailbox.org
    mailo.* me.com mediaserv.net msn.com murena.io neuf.fr net-c.* netcourrier.com noos.fr
    nordnet.fr numericable.fr only.fr orange.fr outlook.* passmail.net pm.me posteo.*
    privaterelay.appleid.com proton.me protonmail.* riseup.net rocketmail.com sfr.fr simplelogin.*
    slmail.me tele2.fr tuta.* tutamail.com tutanota.* voila.fr wanadoo.* worldonline.fr yahoo.*
    ymail.com zaclys.net
    """.split()  # noqa: SIM905 -- a list of words reads better than eighty lines
)
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
    return not _is_personal(domain) or _is_shared(name)


def domain_of(address: str) -> str:
    return address.strip().lower().rpartition("@")[2]


def _is_personal(domain: str) -> bool:
    if domain in PERSONAL:
        return True
    provider, _, ending = domain.partition(".")
    # « yahoo.fr », « yahoo.co.uk »: an ending of a country, not a company behind a familiar name.
    return f"{provider}.*" in PERSONAL and all(len(part) <= 3 for part in ending.split("."))


def _is_shared(name: str) -> bool:
    bare = name.split("+", 1)[0]
    return bare in SHARED_NAMES or bare.rstrip("0123456789") in SHARED_NAMES
