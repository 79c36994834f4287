"""What an appointment must satisfy, whatever the channel (ADR 0056); its overlaps are the database's.

Booked on a page or by the API, it is taken now for a slot to come: the order of dates is by construction.
"""

from datetime import datetime

from cep_portal.common.fact_rules import FactRule
from operators.booking.agenda.errors import PersonAlreadyBooked, SlotTaken, TransitionRefused

BOOKED_BEFORE_START = FactRule(
    TransitionRefused,
    "Ce rendez-vous est pris après avoir commencé.",
    "Corrigez une des deux dates ; une séance sans rendez-vous s’envoie seule.",
    "pris_le",
)
REQUESTED_BEFORE_BOOKED = FactRule(
    TransitionRefused,
    "La demande est plus tardive que la prise du rendez-vous.",
    "Corrigez la date de la demande ou celle de la prise, ou le numéro de la demande.",
    "demande",
)
CANCELLED_AFTER_BOOKED = FactRule(
    TransitionRefused,
    "L’annulation précède la prise du rendez-vous.",
    "Corrigez une des deux dates.",
    "annule_le",
)
ADVISER_FREE = FactRule(
    SlotTaken,
    "Ce conseiller a déjà un rendez-vous à cette heure.",
    "Corrigez l’heure ou le conseiller, ou retirez la ligne.",
    "conseiller",
)
PERSON_FREE = FactRule(
    PersonAlreadyBooked,
    "Cette personne a déjà un rendez-vous à cette heure.",
    "Corrigez l’heure, ou retirez la ligne en trop.",
    "personne",
)


def broken_by_dates(
    *, booked_at: datetime, starts_at: datetime, requested_at: datetime | None, cancelled_at: datetime | None
) -> FactRule | None:
    """The first rule that the dates of an appointment break: asked, then taken, then held or cancelled."""
    if booked_at > starts_at:
        return BOOKED_BEFORE_START
    if requested_at is not None and requested_at > booked_at:
        return REQUESTED_BEFORE_BOOKED
    if cancelled_at is not None and cancelled_at < booked_at:
        return CANCELLED_AFTER_BOOKED
    return None


def is_asked_late(*, requested_at: str, booked_at: str) -> str:
    """REQUESTED_BEFORE_BOOKED denied, in SQL."""
    return f"{requested_at} > {booked_at}"
