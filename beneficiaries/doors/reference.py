"""Whom to ask where no operator of the service is named: their own sites, no number that is not national.

A page of the territories sends here by the `anchor`: cep_portal/territories/data/outside_places.csv.
"""

from dataclasses import dataclass, replace

from beneficiaries.triage.rules import FRANCE_TRAVAIL, Door


@dataclass(frozen=True)
class OutsideDoors:
    """One situation outside the 18 regions: what to do in it, and who answers."""

    anchor: str
    title: str
    text: str
    doors: tuple[Door, ...]


ALLO = Door(
    "Allô Service Public",
    "Des agents de l’État disent quel service s’occupe de votre situation.",
    "service-public.fr",
    phone="39 39",
)
HERE_TOO = "Si vous travaillez dans une des 18 régions, indiquez la commune de votre travail."
NO_OPERATOR = "Ce service n’y a pas d’opérateur. "

ABROAD = OutsideDoors(
    "etranger",
    "Vous habitez ou travaillez hors de France",
    "Vous habitez à l’étranger et travaillez en France : indiquez la commune de votre travail."
    " Vous habitez en France et travaillez dans un pays voisin : indiquez la commune où vous habitez."
    " Vous habitez et travaillez à l’étranger : adressez-vous aux services ci-dessous.",
    (
        Door(
            "EURES",
            "Le réseau européen de l’emploi : ses conseillers connaissent les pays voisins.",
            "eures.europa.eu",
            is_www=False,
        ),
        Door(
            "France Diplomatie",
            "Pour trouver votre consulat et les aides aux Français qui vivent à l’étranger.",
            "diplomatie.gouv.fr",
        ),
        replace(FRANCE_TRAVAIL, what="Pour qui revient chercher un emploi en France."),
    ),
)
OUTSIDE = (
    ABROAD,
    OutsideDoors(
        "saint-pierre-et-miquelon",
        "Saint-Pierre-et-Miquelon",
        NO_OPERATOR + HERE_TOO,
        (
            Door(
                "Les services de l’État à Saint-Pierre-et-Miquelon",
                "Le service chargé du travail et de l’emploi répond aux salariés et aux indépendants.",
                "saint-pierre-et-miquelon.gouv.fr",
            ),
            ALLO,
        ),
    ),
    OutsideDoors(
        "saint-barthelemy",
        "Saint-Barthélemy",
        NO_OPERATOR + HERE_TOO,
        (
            Door(
                "Les services de l’État à Saint-Barthélemy et Saint-Martin",
                "Ils disent qui conseille les salariés et les indépendants de l’île.",
                "saint-barth-saint-martin.gouv.fr",
            ),
            ALLO,
        ),
    ),
    OutsideDoors(
        "saint-martin",
        "Saint-Martin",
        NO_OPERATOR + HERE_TOO,
        (
            Door(
                "Les services de l’État à Saint-Barthélemy et Saint-Martin",
                "Ils disent qui conseille les salariés et les indépendants de l’île.",
                "saint-barth-saint-martin.gouv.fr",
            ),
            ALLO,
        ),
    ),
    OutsideDoors(
        "nouvelle-caledonie",
        "Nouvelle-Calédonie",
        "Le travail et la formation y relèvent de la Nouvelle-Calédonie. " + HERE_TOO,
        (
            Door(
                "Gouvernement de la Nouvelle-Calédonie",
                "Ses services chargés du travail, de l’emploi et de la formation conseillent les salariés.",
                "gouv.nc",
                is_www=False,
            ),
        ),
    ),
    OutsideDoors(
        "polynesie-francaise",
        "Polynésie française",
        "Le travail et la formation y relèvent de la Polynésie française. " + HERE_TOO,
        (
            Door(
                "SEFI",
                "Le service de l’emploi, de la formation et de l’insertion professionnelles du pays.",
                "sefi.pf",
            ),
        ),
    ),
    OutsideDoors(
        "wallis-et-futuna",
        "Wallis-et-Futuna",
        NO_OPERATOR + HERE_TOO,
        (
            Door(
                "Administration supérieure des îles Wallis et Futuna",
                "Son service de l’inspection du travail et des affaires sociales répond aux salariés.",
                "wallis-et-futuna.gouv.fr",
            ),
        ),
    ),
)
