"""Messages to the holder's managers. They say that a letter waits, never what it is about."""

from datetime import datetime, timedelta

from cep_portal.common.links import portal_link
from cep_portal.common.wording.dates import long_day
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.services import enqueue_message
from procurement.followup.models import Penalty
from procurement.followup.selectors import managers_of

LIFETIME = timedelta(days=15)


def tell_notified(*, penalty: Penalty, now: datetime) -> None:
    due = long_day(penalty.observations_due_on)
    _tell(
        penalty,
        step="notified",
        subject=f"Un courrier attend votre réponse avant le {due}, minuit",
        sentence=f"Vous pouvez y répondre jusqu’au {due} inclus.",
        now=now,
    )


def tell_decided(*, penalty: Penalty, now: datetime) -> None:
    _tell(
        penalty,
        step="decided",
        subject="Un courrier de décision vous attend",
        sentence="Il répond à votre dossier et donne les motifs de la décision.",
        now=now,
    )


def _tell(penalty: Penalty, *, step: str, subject: str, sentence: str, now: datetime) -> None:
    link = portal_link("procurement:own_penalty", penalty.uuid)
    for manager in managers_of(contract=penalty.version.commitment.contract, now=now):
        enqueue_message(
            key=f"procurement.penalty.{step}:{penalty.uuid}:{manager.uuid}",
            recipient=manager.email,
            subject=subject,
            body=(
                f"Bonjour,\n\nUn courrier est disponible dans votre bureau. {sentence}\n\nLe lire : {link}\n"
            ),
            kind=MessageKind.STAFF,
            now=now,
            lifetime=LIFETIME,
        )
