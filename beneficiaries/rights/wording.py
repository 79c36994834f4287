"""What a line of the journal says of an act, to the person who did it."""

import re

ACT = re.compile(r"[a-z_]+(\.[a-z_]+){2}")
ACTS = {
    "accounts.session": "Vos connexions",
    "accounts.user": "Votre compte",
    "beneficiaries.attestation": "Votre attestation",
    "beneficiaries.complaint": "Votre réclamation",
    "beneficiaries.contact": "Vos coordonnées et vos préférences",
    "beneficiaries.export": "La copie de vos données",
    "beneficiaries.person": "Votre dossier",
    "beneficiaries.request": "Votre demande",
    "operators.alert": "Une alerte de place plus tôt",
    "operators.appointment": "Un rendez-vous",
    "operators.attachment": "Un fichier de votre parcours",
    "operators.call_back": "Un rappel",
    "operators.group_place": "Une réunion d’information",
    "operators.note_request": "Une demande de lecture des notes",
    "operators.offer": "Une place proposée",
    "operators.partner_booking": "Un rendez-vous pris avec un partenaire",
    "operators.plan": "Votre plan d’action",
    "operators.rectification": "Une demande de rectification",
    "operators.referral": "Une orientation",
    "operators.replacement": "Le remplacement d’un conseiller",
    "operators.summary": "Votre document de synthèse",
    "operators.transfer": "Un changement d’opérateur",
    "operators.waiting": "Une attente de place",
    "reporting.survey": "Une enquête",
}
VERBS = {
    "accepted": "accepté",
    "added": "ajouté",
    "answered": "répondu",
    "asked": "demandé",
    "booked": "réservé",
    "cancelled": "annulé",
    "chosen": "choisi",
    "consented": "accord donné",
    "correction_asked": "correction demandée",
    "declined": "refusé",
    "erased": "effacé",
    "kept": "gardé à votre demande",
    "moved": "déplacé",
    "proved": "confirmé",
    "received": "reçu",
    "rectified": "corrigé",
    "registered": "enregistré",
    "removed": "retiré",
    "restricted": "gelé",
    "share_revoked": "partage retiré",
    "shared": "partagé",
    "unrestricted": "rouvert",
    "withdrawn": "retiré",
}


def act_in_words(action: str) -> str:
    """« operators.summary.accepted » as « Votre document de synthèse : accepté »."""
    place, subject, verb = action.split(".")
    about = ACTS.get(f"{place}.{subject}", "Un acte sur votre dossier")
    return f"{about} : {VERBS[verb]}" if verb in VERBS else about
