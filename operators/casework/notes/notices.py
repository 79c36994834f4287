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
from operators.casework.notes.models import NoteRequest

NEWS = "notes.released"


def tell_released(request: NoteRequest, *, now: datetime) -> None:
    """Once: what was asked can be read, behind the sign-in."""
    tell_person(
        beneficiary=request.pathway.beneficiary,
        key=f"notes-released:{request.uuid}",
        kind=MessageKind.ACT,
        news=News(NEWS, request.uuid),
        now=now,
    )


def _words(letter: Letter) -> Words | None:
    if not NoteRequest.objects.filter(uuid=letter.news.uuid).exists():
        return None
    link = portal_link("beneficiaries:space_page", "notes")
    body = render_to_string("operators/casework/notes/mail/released.txt", {"link": link})
    return Words(body, "La réponse à votre demande")


COMPOSERS = (Composer(NEWS, _words),)
