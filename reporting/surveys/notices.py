"""The words of the survey's message: discreet, no service name, no detail of what was said."""

from datetime import datetime, timedelta

from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.hooks import Composer
from cep_portal.messaging.services import Letter, News, Words, enqueue_news
from reporting.surveys.links import survey_link
from reporting.surveys.models import Survey

ASKED = "survey.asked"
LIFETIME = timedelta(days=7)
SUBJECT = "Votre avis en une question"
BODY = """Bonjour,

Vos rendez-vous sont terminés. En êtes-vous satisfait ?
Une seule question, sans compte ni mot de passe :

{link}

Votre réponse sert à améliorer les rendez-vous. Votre conseiller ne la voit pas.
"""


def ask(survey: Survey, *, recipient: str, now: datetime) -> None:
    enqueue_news(
        key=f"reporting.survey:{survey.uuid}",
        recipient=recipient,
        news=News(ASKED, survey.uuid),
        kind=MessageKind.SURVEY,
        person_key=str(survey.pathway.beneficiary.uuid),
        lifetime=LIFETIME,
        now=now,
    )


def _words(letter: Letter) -> Words | None:
    survey = Survey.objects.filter(uuid=letter.news.uuid).first()
    return Words(BODY.format(link=survey_link(survey)), SUBJECT) if survey else None


COMPOSERS = (Composer(ASKED, _words),)
