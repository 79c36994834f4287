"""The rows of the pages about referrals, in words, from objects already loaded: no query here."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from cep_portal.common.days import local_day
from cep_portal.common.wording.dates import dated_day
from operators.casework.pathways.presenters import days_ago
from operators.casework.referrals import rules
from operators.casework.referrals.enums import AnsweredBy, DoorKind, ReferralState
from operators.casework.referrals.models import Referral, ReferralDoor

BADGES = {
    ReferralState.PENDING: "info",
    ReferralState.ACCEPTED: "success",
    ReferralState.DONE: "success",
    ReferralState.REFUSED: "warning",
    ReferralState.WITHDRAWN: "neutral",
}
NEARNESS = {
    rules.NEAR: "Dans le département de la personne",
    rules.REGIONAL: "Dans sa région",
    rules.NATIONAL: "Partout en France",
}
COLUMNS = {
    "kind": "type",
    "name": "nom",
    "what": "ce qu’on y trouve",
    "website": "site",
    "phone": "téléphone",
    "email": "courriel",
    "how": "comment s’y adresser",
    "region_codes": "régions",
    "department_codes": "départements",
    "is_active": "proposée",
}


def row(referral: Referral, *, now: datetime) -> dict:
    """One referral on a list: who, where, since when, what came of it."""
    sent_on = local_day(referral.sent_at)
    return {
        "person": referral.pathway.beneficiary.full_name,
        "door": referral.door.name,
        "reason": referral.get_reason_display(),
        "sent": days_ago(sent_on, local_day(now)),
        "sent_on": sent_on,
        "badge": referral.get_state_display(),
        "badge_kind": BADGES[ReferralState(referral.state)],
        "is_late": rules.is_late(referral, now=now),
        "url": reverse("operators:referral_detail", args=[referral.uuid]),
    }


def history(referral: Referral) -> list[tuple[datetime, str, str]]:
    """What happened, in order: instant, title, detail."""
    told = [(referral.sent_at, f"Orientation vers {referral.door.name}", referral.get_reason_display())]
    if referral.answered_at is not None:
        state = ReferralState(referral.state)
        label = "acceptée" if state == ReferralState.WITHDRAWN else state.label
        how = AnsweredBy(referral.answered_how).label
        told.append(
            (
                referral.answered_at,
                f"{referral.door.name} : {label}",
                " · ".join(part for part in (how, referral.answer_note) if part),
            )
        )
    if referral.withdrawn_at is not None:
        told.append((referral.withdrawn_at, f"{referral.door.name} : accord retiré", ""))
    return told


def territory(door: ReferralDoor) -> str:
    """« toute la France », « régions 53, 44 », « départements 35 »."""
    if door.is_national:
        return "toute la France"
    parts = []
    if door.region_codes:
        parts.append(f"région{'s' if len(door.region_codes) > 1 else ''} {', '.join(door.region_codes)}")
    if door.department_codes:
        plural = "s" if len(door.department_codes) > 1 else ""
        parts.append(f"département{plural} {', '.join(door.department_codes)}")
    return " ; ".join(parts)


def change_words(values: dict) -> list[str]:
    """A change of a door as sentences; the first one says that it was added."""
    if all(before is None for before, _ in values.values()):
        return ["ajoutée à l’annuaire"]
    return [_said(name, *pair) for name, pair in values.items()]


def _said(name: str, before: Any, after: Any) -> str:
    return f"{COLUMNS[name]} : {_value(name, before)} → {_value(name, after)}"


def _value(name: str, value: Any) -> str:
    if name == "kind":
        return DoorKind(value).label
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(value) or "aucun"
    return str(value) if value else "rien"


def before_appointment(referral: Referral) -> str:
    """« orientation vers Apec : acceptée, le 12 nov. 2026 »."""
    words = f"orientation vers {referral.door.name} : {referral.get_state_display()}"
    if referral.answered_at is None:
        return words
    return f"{words} le {dated_day(local_day(referral.answered_at))}"
