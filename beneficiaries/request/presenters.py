"""What a page says of the message that an act leaves for a person: only that it leaves, when it does."""

from datetime import datetime

from beneficiaries.request.models import Beneficiary
from cep_portal.messaging.selectors import was_written


def we_write(person: Beneficiary, *, at: datetime) -> str:
    """What follows the news of an act just done: « Nous vous l’écrivons », when it is so."""
    written = was_written(at=at, person_key=str(person.uuid))
    return "Nous vous l’écrivons." if written else "Aucun message ne part : gardez cette page."


def they_read(person: Beneficiary, *, at: datetime) -> str:
    """The same for an agent, of a person."""
    written = was_written(at=at, person_key=str(person.uuid))
    return "La personne en est prévenue." if written else "Personne ne lui écrit : prévenez-la de vive voix."
