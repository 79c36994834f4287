"""What is transmitted, word for word, and what the person agrees to: made here, shown, then stored."""

from collections.abc import Collection
from hashlib import sha256

from cep_portal.common.phones import phone
from operators.casework.pathways.models import Pathway
from operators.casework.referrals.enums import ReferralReason
from operators.casework.referrals.models import ReferralDoor


def transmitted(*, pathway: Pathway, reason: str, note: str, shares: Collection[str]) -> str:
    """The lines that the partner reads, nothing else; `shares` says which contacts the person gives."""
    person, adviser = pathway.beneficiary, pathway.adviser
    lines = [f"Personne : {person.full_name}"]
    if "phone" in shares and person.phone:
        lines.append(f"Téléphone : {phone(person.phone)}")
    if "email" in shares and person.email:
        lines.append(f"Courriel : {person.email}")
    lines.append(f"Motif : {ReferralReason(reason).label}")
    if note.strip():
        lines.append(f"Précision : {' '.join(note.split())}")
    lines.append(
        f"Orientée par : {adviser.user.full_name}, {adviser.site.name}, {phone(adviser.site.phone)}"
        if adviser.site.phone
        else f"Orientée par : {adviser.user.full_name}, {adviser.site.name}"
    )
    return "\n".join(lines)


def consent(door: ReferralDoor) -> str:
    return (
        f"J’accepte que ces informations, et elles seules, soient transmises à : {door.name}."
        " Je peux retirer mon accord dans mon espace, ou en le disant à mon conseiller."
    )


def fingerprint(text: str) -> str:
    """Ties what was shown to what is sent."""
    return sha256(text.encode()).hexdigest()
