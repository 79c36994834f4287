"""Which door for which situation: a table, so that each answer can be read and tested."""

from dataclasses import dataclass, replace

from beneficiaries.request.enums import Situation
from beneficiaries.triage.enums import TriageOutcome


@dataclass(frozen=True)
class Door:
    """Another service that receives the person; `site` is its own name on the web, never a deep link.

    `nearest` are the words of the link when the site finds the place nearest to the person; `phone` is
    public and national, with what the call costs in `phone_note`.
    """

    name: str
    what: str
    site: str = ""
    phone: str = ""
    phone_note: str = ""
    nearest: str = ""
    is_www: bool = True

    @property
    def url(self) -> str:
        prefix = "www." if self.is_www else ""
        return f"https://{prefix}{self.site}/" if self.site else ""

    @property
    def dial(self) -> str:
        return self.phone.replace(" ", "")


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
    phone="0 809 361 212",
    phone_note="prix d’un appel",
    nearest="Trouver le centre Apec le plus proche",
)
APEC_FOR_SEEKERS = replace(APEC, name="Apec, si vous êtes cadre")
FRANCE_TRAVAIL = Door(
    "France Travail",
    "Votre conseiller France Travail fait ce même travail avec vous : faire le point, choisir, vous former.",
    "francetravail.fr",
    phone="39 49",
    phone_note="prix d’un appel",
    nearest="Trouver l’agence la plus proche",
)
MISSION_LOCALE = Door(
    "Votre mission locale",
    "Elle accompagne les jeunes de 16 à 25 ans vers un métier ou une formation, et au quotidien.",
    "unml.info",
    nearest="Trouver la mission locale la plus proche",
)
CAP_EMPLOI = Door(
    "Cap emploi",
    "Ses conseillers connaissent le handicap au travail : aménagement, maintien, changement de métier.",
    "capemploi.info",
    nearest="Trouver le Cap emploi le plus proche",
)
# Public agents have their own advisers, by branch.
STATE = Door(
    "Agent de l’État",
    "Demandez le conseiller mobilité-carrière de votre ministère ou de votre établissement. Votre service des"
    " ressources humaines sait qui c’est ; la plateforme régionale des ressources humaines de l’État aussi.",
    "fonction-publique.gouv.fr",
)
LOCAL = Door(
    "Agent d’une commune, d’un département ou d’une région",
    "Demandez le conseiller en évolution professionnelle à votre service des ressources humaines,"
    " ou au centre de gestion de votre département.",
    "fncdg.com",
    nearest="Trouver votre centre de gestion",
)
HOSPITAL = Door(
    "Agent d’un hôpital ou d’un établissement public de santé ou médico-social",
    "Demandez la direction des ressources humaines, ou l’ANFH, qui conseille les agents hospitaliers.",
    "anfh.fr",
    nearest="Trouver la délégation de l’ANFH la plus proche",
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
        " Les agents publics ont leurs propres conseillers, selon leur employeur.",
        (STATE, LOCAL, HOSPITAL),
    ),
}


def orientation_for(situation: str) -> Orientation:
    return ORIENTATIONS[Situation(situation)]
