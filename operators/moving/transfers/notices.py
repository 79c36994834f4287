"""What a person is told of a transfer: neutral words and a link, never the operator nor the inventory."""

from datetime import datetime

from django.template.loader import render_to_string

from beneficiaries.request.services.contact import tell_person
from cep_portal.messaging.enums import MessageChannel, MessageKind
from cep_portal.messaging.hooks import Composer, Told
from cep_portal.messaging.services import About, Letter, News, Words
from operators.moving.transfers import links
from operators.moving.transfers.enums import TransferState
from operators.moving.transfers.models import Transfer
from operators.network.models import Adviser

ABOUT = "transfer"
PREPARED, RECEIVED, ENDED = "transfer.prepared", "transfer.received", "transfer.ended"
FOLDER = "operators/moving/transfers/mail"


def still_asked(told: Told) -> bool:
    """What was answered or withdrawn meanwhile is not asked."""
    return Transfer.objects.filter(uuid=told.uuid, state=TransferState.PREPARED).exists()


def tell_prepared(transfer: Transfer, *, now: datetime) -> None:
    _tell(
        transfer,
        News(PREPARED, transfer.uuid),
        f"transfer:{transfer.uuid}",
        with_sms=True,
        about=About(ABOUT, transfer.uuid),
        now=now,
    )


def tell_received(transfer: Transfer, *, now: datetime) -> None:
    """Who follows the person from now on, and where to call."""
    if transfer.received_by is not None:
        news = News(RECEIVED, transfer.uuid)
        _tell(transfer, news, f"transfer-received:{transfer.uuid}", with_sms=True, now=now)


def tell_ended(transfer: Transfer, *, now: datetime) -> None:
    """Nothing changes: the same adviser goes on."""
    news = News(ENDED, transfer.uuid, {"adviser": str(transfer.pathway.adviser.uuid)})
    _tell(transfer, news, f"transfer-ended:{transfer.uuid}", now=now)


def _tell(
    transfer: Transfer,
    news: News,
    key: str,
    *,
    with_sms: bool = False,
    about: About | None = None,
    now: datetime,
) -> None:
    tell_person(
        beneficiary=transfer.pathway.beneficiary,
        key=key,
        kind=MessageKind.ACT,
        news=news,
        with_sms=with_sms,
        about=about,
        now=now,
    )


def _told(letter: Letter) -> Transfer | None:
    told = Transfer.objects.select_related("pathway__beneficiary", "received_by__user", "received_by__site")
    return told.filter(uuid=letter.news.uuid).first()


def _prepared_words(letter: Letter) -> Words | None:
    transfer = _told(letter)
    if transfer is None:
        return None
    link = links.answer_link(transfer)
    if letter.channel == MessageChannel.SMS:
        return Words(f"Votre réponse est attendue : {link}")
    context = {"person": transfer.pathway.beneficiary, "transfer": transfer, "link": link}
    return Words(render_to_string(f"{FOLDER}/prepared.txt", context), "Votre conseiller attend votre réponse")


def _received_words(letter: Letter) -> Words | None:
    transfer = _told(letter)
    if transfer is None or transfer.received_by is None:
        return None
    adviser = transfer.received_by
    if letter.channel == MessageChannel.SMS:
        return Words(f"Votre interlocuteur est maintenant {adviser.user.full_name}. {adviser.site.phone}")
    context = {
        "person": transfer.pathway.beneficiary,
        "adviser": adviser,
        "site": adviser.site,
        "transfer": transfer,
    }
    return Words(render_to_string(f"{FOLDER}/received.txt", context), "Un changement d’interlocuteur")


def _ended_words(letter: Letter) -> Words | None:
    """The adviser is who followed the person at the act: a handover may have come since."""
    transfer = _told(letter)
    advisers = Adviser.objects.select_related("user", "site")
    adviser = advisers.filter(uuid=letter.news.facts["adviser"]).first()
    if transfer is None or adviser is None:
        return None
    context = {"person": transfer.pathway.beneficiary, "adviser": adviser}
    return Words(render_to_string(f"{FOLDER}/ended.txt", context), "Votre interlocuteur reste le même")


COMPOSERS = (
    Composer(PREPARED, _prepared_words),
    Composer(RECEIVED, _received_words),
    Composer(ENDED, _ended_words),
)
