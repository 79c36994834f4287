"""What a page says of the message that an act leaves for a person: only that it leaves, when it does."""

from datetime import datetime

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services.contact import contact_choices, reads_mail, ways_to_write
from cep_portal.common.phones import phone
from cep_portal.messaging.enums import MessageChannel
from cep_portal.messaging.selectors import was_written


def confirmation_goes(person: Beneficiary) -> str:
    """Before the act: where its confirmation will go, by what the person chose."""
    ways = ways_to_write(person, contact_choices(person), with_sms=not reads_mail(person))
    shown = [phone(to) if channel == MessageChannel.SMS else to for channel, to in ways.items()]
    if not shown:
        return "Aucune confirmation ne part : nous n’avons ni adresse ni mobile où vous écrire."
    return f"La confirmation part à {' et à '.join(shown)}."


def we_write(person: Beneficiary, *, at: datetime) -> str:
    """What follows the news of an act just done: « Nous vous l’écrivons », when it is so."""
    written = was_written(at=at, person_key=str(person.uuid))
    return "Nous vous l’écrivons." if written else "Aucun message ne part : gardez cette page."


def they_read(person: Beneficiary, *, at: datetime) -> str:
    """The same for an agent, of a person."""
    written = was_written(at=at, person_key=str(person.uuid))
    return "La personne en est prévenue." if written else "Personne ne lui écrit : prévenez-la de vive voix."
