"""The national doors: the name and the public site of each, nothing that may be wrong tomorrow."""

from beneficiaries.triage.rules import APEC, CAP_EMPLOI, FRANCE_TRAVAIL, MISSION_LOCALE
from operators.casework.referrals.enums import DoorKind

NATIONAL_DOORS: tuple[dict[str, str], ...] = (
    {
        "kind": DoorKind.TRANSITIONS_PRO,
        "name": "Transitions Pro",
        "what": "Le projet de transition professionnelle, et l’avis sur une démission pour se reconvertir.",
        "website": "https://www.transitionspro.fr/",
    },
    {
        "kind": DoorKind.OPCO,
        "name": "Trouver son OPCO",
        "what": "L’opérateur de compétences de l’entreprise, d’après son SIRET ou sa convention collective.",
        "website": "https://quel-est-mon-opco.francecompetences.fr/",
    },
    {
        "kind": DoorKind.CPF,
        "name": "Mon compte formation",
        "what": "Les droits à la formation et leur utilisation.",
        "website": "https://www.moncompteformation.gouv.fr/",
    },
    {
        "kind": DoorKind.VAE,
        "name": "France VAE",
        "what": "La validation des acquis de l’expérience, du projet au jury.",
        "website": "https://vae.gouv.fr/",
    },
    {"kind": DoorKind.APEC, "name": "Apec", "what": APEC.what, "website": APEC.url},
    {
        "kind": DoorKind.FRANCE_TRAVAIL,
        "name": "France Travail",
        "what": "La recherche d’emploi, son indemnisation et le conseil qui va avec.",
        "website": FRANCE_TRAVAIL.url,
        "phone": FRANCE_TRAVAIL.phone,
    },
    {"kind": DoorKind.CAP_EMPLOI, "name": "Cap emploi", "what": CAP_EMPLOI.what, "website": CAP_EMPLOI.url},
    {
        "kind": DoorKind.MISSION_LOCALE,
        "name": "Missions locales",
        "what": MISSION_LOCALE.what,
        "website": MISSION_LOCALE.url,
    },
    {
        "kind": DoorKind.BUSINESS,
        "name": "Bpifrance Création",
        "what": "Les étapes, les aides et les réseaux pour créer ou reprendre une entreprise.",
        "website": "https://bpifrance-creation.fr/",
    },
    {
        "kind": DoorKind.SOCIAL,
        "name": "Mes droits sociaux",
        "what": "Les aides auxquelles on peut avoir droit, et comment les demander.",
        "website": "https://www.mesdroitssociaux.gouv.fr/",
    },
    {
        "kind": DoorKind.HEALTH_AT_WORK,
        "name": "Service de prévention et de santé au travail",
        "what": "Le médecin du travail : visite à la demande, aménagement du poste, maintien dans l’emploi.",
        "how": "Celui de l’employeur : ses coordonnées sont affichées dans l’entreprise. La visite est"
        " confidentielle et peut être demandée par le salarié.",
    },
)
