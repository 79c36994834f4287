"""What people are told of their rights: left in the transaction of the act, in words at its sending."""

from datetime import datetime

from django.template.loader import render_to_string

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services.contact import tell_person
from beneficiaries.rights import links, rules
from beneficiaries.rights.models import DataExport, PersonCode
from cep_portal.common.links import portal_link
from cep_portal.common.retention import DELAYS
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.hooks import Composer
from cep_portal.messaging.services import Letter, News, Words, enqueue_news

PURGE, EXPORT, EMAIL = "person.purge_announced", "export.ready", "person.email_changed"
PURGE_SUBJECT = "Votre dossier sera bientôt effacé"
EXPORT_SUBJECT = "Votre copie est prête"
EXPORT_BODY = """Bonjour,

La copie de vos données est prête. Connectez-vous avec un code pour la télécharger :

{link}

Elle sera retirée dans {delay}. Vous pourrez en demander une autre quand vous voudrez.
"""
EMAIL_SUBJECT = "Votre adresse a été changée"
EMAIL_BODY = """Bonjour,

L’adresse électronique de votre compte vient d’être remplacée. Cette boîte n’ouvre plus votre espace.

C’était vous : il n’y a rien à faire.
Ce n’était pas vous : appelez l’organisme qui vous reçoit, son numéro est sur votre dernière confirmation.
"""


def tell_purge(person: Beneficiary, *, now: datetime) -> None:
    """The file is erased after the notice of thirty days, unless the person keeps it."""
    tell_person(
        beneficiary=person,
        key=f"purge-warning:{person.uuid}:{now:%Y%m%d}",
        kind=MessageKind.ACT,
        news=News(PURGE, person.uuid),
        now=now,
    )


def tell_export(export: DataExport, *, now: datetime) -> None:
    """A copy is fetched after a sign-in by e-mail: who has no address is told nothing."""
    if export.beneficiary.email:
        enqueue_news(
            key=f"export:{export.uuid}",
            recipient=export.beneficiary.email,
            news=News(EXPORT, export.uuid),
            lifetime=rules.EXPORT_KEPT_FOR,
            person_key=str(export.beneficiary.uuid),
            now=now,
        )


def tell_email_changed(person_code: PersonCode, *, former: str, now: datetime) -> None:
    """The address left behind is warned: it may be a thief who changed it."""
    enqueue_news(
        key=f"email-changed:{person_code.uuid}",
        recipient=former,
        news=News(EMAIL, person_code.uuid),
        person_key=str(person_code.beneficiary.uuid),
        now=now,
    )


def _purge_words(letter: Letter) -> Words | None:
    """Nothing to say to who was erased since."""
    person = Beneficiary.objects.filter(uuid=letter.news.uuid, erased_at__isnull=True).first()
    if person is None:
        return None
    context = {
        "on": letter.written_at + rules.NOTICE,
        "link": links.keep_link(person),
        "days": rules.NOTICE.days,
    }
    return Words(render_to_string("beneficiaries/mail/rights_warning.txt", context), PURGE_SUBJECT)


def _export_words(letter: Letter) -> Words | None:
    if not DataExport.objects.filter(uuid=letter.news.uuid, withdrawn_at__isnull=True).exists():
        return None
    link = portal_link("beneficiaries:export", letter.news.uuid)
    return Words(EXPORT_BODY.format(link=link, delay=DELAYS["export"].in_words), EXPORT_SUBJECT)


def _email_words(_letter: Letter) -> Words:
    return Words(EMAIL_BODY, EMAIL_SUBJECT)


COMPOSERS = (
    Composer(PURGE, _purge_words),
    Composer(EXPORT, _export_words),
    Composer(EMAIL, _email_words),
)
