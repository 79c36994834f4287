"""Messages to the holder's managers. They say that a letter waits, never what it is about."""

from datetime import datetime, timedelta

from cep_portal.common.links import portal_link
from cep_portal.common.wording.dates import long_day
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.hooks import Composer
from cep_portal.messaging.services import Letter, News, Words, enqueue_news
from procurement.followup.models import Penalty
from procurement.followup.selectors import managers_of

NOTIFIED, DECIDED = "penalty.notified", "penalty.decided"
LIFETIME = timedelta(days=15)


def tell_notified(*, penalty: Penalty, now: datetime) -> None:
    _tell(penalty, NOTIFIED, now=now)


def tell_decided(*, penalty: Penalty, now: datetime) -> None:
    _tell(penalty, DECIDED, now=now)


def _tell(penalty: Penalty, name: str, *, now: datetime) -> None:
    step = name.rpartition(".")[2]
    for manager in managers_of(contract=penalty.version.commitment.contract, now=now):
        enqueue_news(
            key=f"procurement.penalty.{step}:{penalty.uuid}:{manager.uuid}",
            recipient=manager.email,
            news=News(name, penalty.uuid),
            kind=MessageKind.STAFF,
            now=now,
            lifetime=LIFETIME,
        )


def _notified_words(letter: Letter) -> Words | None:
    penalty = Penalty.objects.filter(uuid=letter.news.uuid).first()
    if penalty is None:
        return None
    due = long_day(penalty.observations_due_on)
    return Words(
        _body(penalty, f"Vous pouvez y répondre jusqu’au {due} inclus."),
        f"Un courrier attend votre réponse avant le {due}, minuit",
    )


def _decided_words(letter: Letter) -> Words | None:
    penalty = Penalty.objects.filter(uuid=letter.news.uuid).first()
    if penalty is None:
        return None
    sentence = "Il répond à votre dossier et donne les motifs de la décision."
    return Words(_body(penalty, sentence), "Un courrier de décision vous attend")


def _body(penalty: Penalty, sentence: str) -> str:
    link = portal_link("procurement:own_penalty", penalty.uuid)
    return f"Bonjour,\n\nUn courrier est disponible dans votre bureau. {sentence}\n\nLe lire : {link}\n"


COMPOSERS = (Composer(NOTIFIED, _notified_words), Composer(DECIDED, _decided_words))
