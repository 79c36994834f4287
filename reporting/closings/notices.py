"""Messages to the holder's managers: they say that a month waits, never a figure."""

from datetime import datetime, timedelta

from cep_portal.common.links import portal_link
from cep_portal.common.wording.dates import long_day, long_month
from cep_portal.common.wording.names import of
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.hooks import Composer
from cep_portal.messaging.services import Letter, News, Words, enqueue_news
from procurement.followup.selectors import managers_of
from reporting.closings.models import Closing, DataDispute

PROVISIONAL, ANSWERED = "closing.provisional", "closing.dispute_answered"
LIFETIME = timedelta(days=5)


def tell_provisional(*, closing: Closing, now: datetime) -> None:
    _tell(closing, News(PROVISIONAL, closing.uuid), now=now)


def tell_answered(*, dispute: DataDispute, now: datetime) -> None:
    _tell(dispute.closing, News(ANSWERED, dispute.uuid), now=now)


def _tell(closing: Closing, news: News, *, now: datetime) -> None:
    for manager in managers_of(contract=closing.contract, now=now):
        enqueue_news(
            key=f"reporting.{news.name}:{news.uuid}:{manager.uuid}",
            recipient=manager.email,
            news=news,
            kind=MessageKind.STAFF,
            now=now,
            lifetime=LIFETIME,
        )


def _provisional_words(letter: Letter) -> Words | None:
    closing = Closing.objects.filter(uuid=letter.news.uuid).first()
    if closing is None:
        return None
    month, last = of(long_month(closing.month)), long_day(closing.contest_until)
    sentence = f"Les chiffres {month} sont provisoires. Vous pouvez les contester jusqu’au {last} inclus."
    return Words(_body(closing, sentence), f"Vos chiffres {month} sont à vérifier")


def _answered_words(letter: Letter) -> Words | None:
    dispute = DataDispute.objects.filter(uuid=letter.news.uuid).select_related("closing").first()
    if dispute is None:
        return None
    month = of(long_month(dispute.closing.month))
    sentence = f"Votre contestation d’un chiffre {month} a sa réponse."
    return Words(_body(dispute.closing, sentence), "Une réponse à votre contestation")


def _body(closing: Closing, sentence: str) -> str:
    link = portal_link("reporting:own_closing", closing.uuid)
    return f"Bonjour,\n\n{sentence}\n\nLes lire : {link}\n"


COMPOSERS = (Composer(PROVISIONAL, _provisional_words), Composer(ANSWERED, _answered_words))
