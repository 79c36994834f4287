"""How a person is written to: what they chose, and the one way from an act to their e-mail and phone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from beneficiaries.request.enums import ContactHours
from beneficiaries.request.errors import NoMobile, NoWayToWrite
from beneficiaries.request.models import Beneficiary, ContactPreferences
from beneficiaries.request.services.guard import lock_holder
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common import phones
from cep_portal.common.compiled import Ask, Compiled
from cep_portal.messaging.enums import MessageChannel, MessageKind
from cep_portal.messaging.gateways import sms
from cep_portal.messaging.models import Message
from cep_portal.messaging.services import DEFAULT_LIFETIME, About, News, enqueue_news


@dataclass(frozen=True)
class ContactChoices:
    """What the person chose, or the defaults. `mobile` is in E.164, blank when no SMS can reach them."""

    by_email: bool
    by_sms: bool
    discreet: bool
    contact_hours: str
    reminders: bool
    mobile: str

    def number_for_sms(self, *, only_way: bool = False) -> str:
        """The mobile to write to; blank when the person wants no SMS, or this portal sends none."""
        return self.mobile if (self.by_sms or only_way) and sms.is_available() else ""


def contact_choices(beneficiary: Beneficiary) -> ContactChoices:
    """A person's choices; without a row: e-mail, SMS when a mobile is known, discreet, at any hour."""
    mobile = phones.mobile(beneficiary.phone) or ""
    chosen = _preferences(beneficiary) or ContactPreferences()
    return ContactChoices(
        by_email=chosen.by_email,
        by_sms=chosen.by_sms and bool(mobile),
        discreet=chosen.discreet,
        contact_hours=chosen.contact_hours,
        reminders=chosen.reminders,
        mobile=mobile,
    )


_PREFERENCES = Compiled(lambda: ContactPreferences.objects.filter(beneficiary=Ask("person")))


def _preferences(beneficiary: Beneficiary) -> ContactPreferences | None:
    """As `beneficiary.contact_preferences`, read once."""
    relation: Any = Beneficiary._meta.get_field("contact_preferences")
    if not relation.is_cached(beneficiary):
        relation.set_cached_value(beneficiary, _PREFERENCES.first(person=beneficiary.pk))
    try:
        return beneficiary.contact_preferences
    except ContactPreferences.DoesNotExist:
        return None


def reads_mail(beneficiary: Beneficiary) -> bool:
    """Whether what we write leaves by e-mail; else an SMS is the person's only word and only key."""
    return bool(beneficiary.email) and contact_choices(beneficiary).by_email


@transaction.atomic
def set_preferences(
    *,
    beneficiary: Beneficiary,
    by_email: bool,
    by_sms: bool,
    discreet: bool,
    contact_hours: str,
    reminders: bool,
    now: datetime,
    by: User | None,
) -> ContactPreferences:
    """Write a person's choices, from now on read by every message not sent yet.

    Raises NoMobile when SMS are wanted and no mobile is known, NoWayToWrite when neither is wanted.
    """
    lock_holder(beneficiary)
    if by_sms and phones.mobile(beneficiary.phone) is None:
        raise NoMobile("Aucun numéro de mobile n’est connu : indiquez-en un pour recevoir des SMS.")
    if not by_email and not by_sms:
        raise NoWayToWrite("Gardez une façon de vous écrire : par courriel ou par SMS.")
    preferences, _ = ContactPreferences.objects.update_or_create(
        beneficiary=beneficiary,
        defaults={
            "by_email": by_email,
            "by_sms": by_sms,
            "discreet": discreet,
            "contact_hours": ContactHours(contact_hours),
            "reminders": reminders,
            "changed_at": now,
        },
    )
    beneficiary.contact_preferences = preferences  # what was read before is forgotten
    record(action="beneficiaries.contact.chosen", target=beneficiary, by=by, now=now)
    return preferences


@transaction.atomic(savepoint=False)
def tell_person(
    *,
    beneficiary: Beneficiary,
    key: str,
    kind: str,
    news: News,
    now: datetime,
    with_sms: bool = False,
    about: About | None = None,
    due_at: datetime | None = None,
    lifetime: timedelta = DEFAULT_LIFETIME,
) -> list[Message]:
    """Leave news for a person by the ways they chose: an e-mail, an SMS when it can be said so, or both.

    The way is chosen now, the words are written at sending. The e-mail has the key `key`, the SMS `key`
    followed by ":sms": a second call writes nothing new. Nobody is left unreached by an act: when no chosen
    way fits, the known one is used. Reminders are not sent to who wants none.
    """
    if beneficiary.erased_at is not None:  # nobody reads there any more
        return []
    choices = contact_choices(beneficiary)
    if kind == MessageKind.REMINDER and not choices.reminders:
        return []
    return [
        enqueue_news(
            key=f"{key}:sms" if channel == MessageChannel.SMS else key,
            channel=channel,
            recipient=recipient,
            kind=kind,
            person_key=str(beneficiary.uuid),
            news=news,
            about=about,
            due_at=due_at,
            lifetime=lifetime,
            now=now,
        )
        for channel, recipient in ways_to_write(beneficiary, choices, with_sms=with_sms).items()
    ]


def ways_to_write(
    beneficiary: Beneficiary, choices: ContactChoices, *, with_sms: bool = True
) -> dict[str, str]:
    """The channels to use with whom to write to on each.

    None for an erased person, nor for one whom only an operator's own software can reach; else never empty.
    """
    if beneficiary.erased_at is not None:
        return {}
    number = choices.number_for_sms(only_way=not beneficiary.email) if with_sms else ""
    ways: dict[str, str] = {}
    if beneficiary.email and (choices.by_email or not number):
        ways[MessageChannel.EMAIL] = beneficiary.email
    if number:
        ways[MessageChannel.SMS] = number
    return ways
