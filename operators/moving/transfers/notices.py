"""What a person is told of a transfer: neutral words and a link, never the operator nor the inventory."""

from datetime import datetime

from django.template.loader import render_to_string

from beneficiaries.request.services.contact import send_to_person
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.hooks import Told
from cep_portal.messaging.services import About
from operators.moving.transfers import links
from operators.moving.transfers.enums import TransferState
from operators.moving.transfers.models import Transfer

ABOUT = "transfer"
FOLDER = "operators/moving/transfers/mail"


def still_asked(told: Told) -> bool:
    """What was answered or withdrawn meanwhile is not asked."""
    return Transfer.objects.filter(uuid=told.uuid, state=TransferState.PREPARED).exists()


def tell_prepared(transfer: Transfer, *, now: datetime) -> None:
    person, link = transfer.pathway.beneficiary, links.answer_link(transfer)
    send_to_person(
        beneficiary=person,
        key=f"transfer:{transfer.uuid}",
        kind=MessageKind.ACT,
        subject="Votre conseiller attend votre réponse",
        body=render_to_string(
            f"{FOLDER}/prepared.txt", {"person": person, "transfer": transfer, "link": link}
        ),
        sms_text=f"Votre réponse est attendue : {link}",
        about=About(ABOUT, transfer.uuid),
        now=now,
    )


def tell_received(transfer: Transfer, *, now: datetime) -> None:
    """Who follows the person from now on, and where to call."""
    adviser = transfer.received_by
    if adviser is None:
        return
    person, site = transfer.pathway.beneficiary, adviser.site
    body = render_to_string(
        f"{FOLDER}/received.txt", {"person": person, "adviser": adviser, "site": site, "transfer": transfer}
    )
    send_to_person(
        beneficiary=person,
        key=f"transfer-received:{transfer.uuid}",
        kind=MessageKind.ACT,
        subject="Un changement d’interlocuteur",
        body=body,
        sms_text=f"Votre interlocuteur est maintenant {adviser.user.full_name}. {site.phone}",
        now=now,
    )


def tell_ended(transfer: Transfer, *, now: datetime) -> None:
    """Nothing changes: the same adviser goes on."""
    person, adviser = transfer.pathway.beneficiary, transfer.pathway.adviser
    body = render_to_string(f"{FOLDER}/ended.txt", {"person": person, "adviser": adviser})
    send_to_person(
        beneficiary=person,
        key=f"transfer-ended:{transfer.uuid}",
        kind=MessageKind.ACT,
        subject="Votre interlocuteur reste le même",
        body=body,
        now=now,
    )
