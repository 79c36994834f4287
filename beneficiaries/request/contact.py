"""How a person is written to: what they chose, and the one way from an act to their e-mail and phone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from beneficiaries.request.enums import ContactHours
from beneficiaries.request.errors import NoMobile, NoWayToWrite
from beneficiaries.request.models import Beneficiary, ContactPreferences
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.messaging import phones, sms
from cep_portal.messaging.enums import MessageChannel, MessageKind
from cep_portal.messaging.models import Message
from cep_portal.messaging.services import DEFAULT_LIFETIME, About, Attachment, enqueue_message


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
    row = ContactPreferences.objects.filter(beneficiary=beneficiary).first()
    chosen = row or ContactPreferences(beneficiary=beneficiary)
    return ContactChoices(
        by_email=chosen.by_email,
        by_sms=chosen.by_sms and bool(mobile),
        discreet=chosen.discreet,
        contact_hours=chosen.contact_hours,
        reminders=chosen.reminders,
        mobile=mobile,
    )


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
    record(action="beneficiaries.contact.chosen", target=beneficiary, by=by, now=now)
    return preferences


@transaction.atomic
def send_to_person(
    *,
    beneficiary: Beneficiary,
    key: str,
    kind: str,
    subject: str,
    body: str,
    now: datetime,
    sms_text: str = "",
    about: About | None = None,
    due_at: datetime | None = None,
    lifetime: timedelta = DEFAULT_LIFETIME,
    attachment: Attachment | None = None,
) -> list[Message]:
    """Write to a person by the ways they chose: an e-mail, an SMS when there is a text for it, or both.

    Keys are `key` with the channel, so a second call writes nothing new. Nobody is left unreached by an
    act: when no chosen way fits, the known one is used. Reminders are not sent to who wants none.
    """
    choices = contact_choices(beneficiary)
    if kind == MessageKind.REMINDER and not choices.reminders:
        return []
    common: dict[str, Any] = {
        "kind": kind,
        "person_key": str(beneficiary.uuid),
        "about": about,
        "due_at": due_at,
        "lifetime": lifetime,
        "now": now,
    }
    number = choices.number_for_sms(only_way=not beneficiary.email) if sms_text else ""
    sent = []
    if beneficiary.email and (choices.by_email or not number):
        message = enqueue_message(
            key=f"{key}:email",
            recipient=beneficiary.email,
            subject=subject,
            body=body,
            attachment=attachment,
            **common,
        )
        sent.append(message)
    if number:
        message = enqueue_message(
            key=f"{key}:sms", recipient=number, body=sms_text, channel=MessageChannel.SMS, **common
        )
        sent.append(message)
    return sent
