"""What the person is told: left in the transaction of the act, in words at its sending.

The subject names neither service nor document.
"""

from datetime import datetime

from django.template.loader import render_to_string

from beneficiaries.request.services.contact import tell_person
from cep_portal.common.links import portal_link
from cep_portal.messaging.enums import MessageChannel, MessageKind
from cep_portal.messaging.hooks import Composer
from cep_portal.messaging.services import Letter, News, Words
from operators.casework.summaries.models import SummaryDocument

DOCUMENT_KIND = "operators.summary"
PROPOSED = "summary.proposed"


def tell_proposed(summary: SummaryDocument, *, now: datetime) -> None:
    """Once for each proposal."""
    tell_person(
        beneficiary=summary.pathway.beneficiary,
        key=f"summary-proposed:{summary.uuid}:{summary.revision}",
        kind=MessageKind.ACT,
        news=News(PROPOSED, summary.uuid),
        with_sms=True,
        now=now,
    )


def _words(letter: Letter) -> Words | None:
    if not SummaryDocument.objects.filter(uuid=letter.news.uuid).exists():
        return None
    link = portal_link("operators:own_summary", letter.news.uuid)
    if letter.channel == MessageChannel.SMS:
        return Words(f"Un document attend votre accord dans votre espace : {link}")
    body = render_to_string("operators/casework/summaries/mail/proposed.txt", {"link": link})
    return Words(body, "Un document attend votre accord")


COMPOSERS = (Composer(PROPOSED, _words),)
