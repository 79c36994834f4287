"""What the person is told: left in the transaction of the act, in words at its sending.

No subject names the service.
"""

from datetime import datetime

from django.template.loader import render_to_string

from beneficiaries.request.services.contact import tell_person
from cep_portal.common.links import portal_link
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.hooks import Composer
from cep_portal.messaging.services import Letter, News, Words
from operators.casework.situations.models import Rectification

NEWS = "situation.answered"


def tell_answered(rectification: Rectification, *, now: datetime) -> None:
    """Once: the answer is read behind the sign-in."""
    tell_person(
        beneficiary=rectification.pathway.beneficiary,
        key=f"rectification-answered:{rectification.uuid}",
        kind=MessageKind.ACT,
        news=News(NEWS, rectification.uuid),
        now=now,
    )


def _words(letter: Letter) -> Words | None:
    if not Rectification.objects.filter(uuid=letter.news.uuid).exists():
        return None
    link = portal_link("beneficiaries:space_page", "situation")
    body = render_to_string("operators/casework/situations/mail/answered.txt", {"link": link})
    return Words(body, "La réponse à votre demande")


COMPOSERS = (Composer(NEWS, _words),)
