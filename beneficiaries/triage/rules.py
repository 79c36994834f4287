"""Which door for which situation: a table, so that each answer can be read and tested."""

from dataclasses import dataclass

from beneficiaries.request.enums import Situation
from beneficiaries.triage.enums import TriageOutcome


@dataclass(frozen=True)
class Door:
    """Another service that receives the person; `site` is its own name on the web, never a deep link."""

    name: str
    what: str
    site: str = ""
    phone: str = ""

    @property
    def url(self) -> str:
        return f"https://www.{self.site}/" if self.site else ""


@dataclass(frozen=True)
class Orientation:
    """The outcome of a situation, the doors to name and the reason in plain words."""

    outcome: TriageOutcome
    title: str = ""
    reason: str = ""
    doors: tuple[Door, ...] = ()

    @property
    def is_eligible(self) -> bool:
        return self.outcome == TriageOutcome.ELIGIBLE


APEC = Door(
    "Apec",
    "Elle conseille les cadres, en poste ou en recherche d’emploi, gratuitement.",
    "apec.fr",
)
APEC_FOR_SEEKERS = Door("Apec, si vous êtes cadre", APEC.what, APEC.site)
FRANCE_TRAVAIL = Door(
    "France Travail",
    "Votre conseiller France Travail fait ce même travail avec vous : faire le point, choisir, vous former.",
    "francetravail.fr",
    phone="39 49",
)
MISSION_LOCALE = Door(
    "Votre mission locale",
    "Elle accompagne les jeunes de 16 à 25 ans vers un métier ou une formation, et au quotidien.",
    "unml.info",
)
CAP_EMPLOI = Door(
    "Cap emploi",
    "Ses conseillers connaissent le handicap au travail : aménagement, maintien, changement de métier.",
    "capemploi.info",
)
ADMINISTRATION = Door(
    "Votre administration",
    "Demandez le conseiller mobilité-carrière. Votre service des ressources humaines sait qui c’est.",
)

RECEIVED_HERE = Orientation(TriageOutcome.ELIGIBLE)
ORIENTATIONS = {
    Situation.EMPLOYEE: RECEIVED_HERE,
    Situation.SELF_EMPLOYED: RECEIVED_HERE,
    Situation.EXECUTIVE: Orientation(
        TriageOutcome.ELIGIBLE,
        "L’Apec est spécialisée pour les cadres",
        "Vous êtes cadre : l’Apec propose ce même conseil, avec des spécialistes de votre statut."
        " Vous pouvez aussi être reçu ici. À vous de choisir.",
        (APEC,),
    ),
    Situation.DISABLED_WORKER: Orientation(
        TriageOutcome.ELIGIBLE,
        "Cap emploi peut aussi vous recevoir",
        "Vous travaillez avec un handicap : Cap emploi propose ce même conseil, avec des spécialistes."
        " Vous pouvez aussi être reçu ici, avec l’accueil dont vous avez besoin. À vous de choisir.",
        (CAP_EMPLOI,),
    ),
    Situation.JOB_SEEKER: Orientation(
        TriageOutcome.REDIRECTED,
        "France Travail vous reçoit",
        "Ce service est destiné aux personnes qui ont un emploi."
        " Quand on en cherche un, c’est France Travail qui donne ce conseil.",
        (FRANCE_TRAVAIL, APEC_FOR_SEEKERS),
    ),
    Situation.YOUNG_OUTSIDE: Orientation(
        TriageOutcome.REDIRECTED,
        "La mission locale vous reçoit",
        "Ce service est destiné aux personnes qui ont un emploi."
        " Avant 26 ans, sans emploi ni formation, c’est la mission locale qui donne ce conseil.",
        (MISSION_LOCALE,),
    ),
    Situation.PUBLIC_AGENT: Orientation(
        TriageOutcome.REDIRECTED,
        "Votre administration vous reçoit",
        "Ce service est destiné aux salariés du privé et aux indépendants."
        " Les agents publics ont leurs propres conseillers.",
        (ADMINISTRATION,),
    ),
}


def orientation_for(situation: str) -> Orientation:
    return ORIENTATIONS[Situation(situation)]
