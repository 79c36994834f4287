from datetime import datetime

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from operators.booking.agenda.services import expire
from operators.booking.demand.enums import OfferState
from operators.booking.demand.models import SlotOffer


def end_offer(offer: SlotOffer, state: str, *, by: User | None, now: datetime) -> None:
    """Close a pending offer, locked by the caller, and give its slot back unless it was accepted."""
    offer.state, offer.ended_at = state, now
    offer.save(update_fields=["state", "ended_at"])
    if state != OfferState.ACCEPTED:
        expire([offer.appointment_id])
    record(action=f"operators.offer.{OfferState(state).name.lower()}", target=offer, by=by, now=now)
