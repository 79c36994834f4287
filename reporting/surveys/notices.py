"""The words of the survey's message: discreet, no service name, no detail of what was said."""

from datetime import datetime, timedelta

from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.services import enqueue_message
from reporting.surveys.links import survey_link
from reporting.surveys.models import Survey

LIFETIME = timedelta(days=7)
SUBJECT = "Votre avis en une question"
BODY = """Bonjour,

Vos rendez-vous sont terminés. En êtes-vous satisfait ?
Une seule question, sans compte ni mot de passe :

{link}

Votre réponse sert à améliorer les rendez-vous. Votre conseiller ne la voit pas.
"""


def ask(survey: Survey, *, recipient: str, now: datetime) -> None:
    enqueue_message(
        key=f"reporting.survey:{survey.uuid}",
        recipient=recipient,
        subject=SUBJECT,
        body=BODY.format(link=survey_link(survey)),
        kind=MessageKind.SURVEY,
        person_key=str(survey.pathway.beneficiary.uuid),
        lifetime=LIFETIME,
        now=now,
    )
