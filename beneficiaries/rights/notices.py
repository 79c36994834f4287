"""What people are told of their rights: left in the transaction of the act, in words at its sending."""

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services.contact import tell_person
from beneficiaries.rights import links, rules
from beneficiaries.rights.models import DataExport, PersonCode
from cep_portal.common import phones
from cep_portal.common.links import portal_link
from cep_portal.common.retention import DELAYS
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.gateways import sms
from cep_portal.messaging.hooks import Composer
from cep_portal.messaging.services import Letter, News, Words, enqueue_news, enqueue_sms

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
EXPORT_SMS = "Votre copie est prête. Pour la télécharger : {link}"
ADDED_SMS = "Une adresse vient d'être ajoutée à votre espace. Ce n'est pas vous ? Appelez votre conseiller."


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
    """A copy is fetched after a sign-in: who has a mobile alone is told by SMS."""
    person = export.beneficiary
    facts: dict[str, Any] = {"key": f"export:{export.uuid}", "person_key": str(person.uuid), "now": now}
    if person.email:
        news = News(EXPORT, export.uuid)
        enqueue_news(recipient=person.email, news=news, lifetime=rules.EXPORT_KEPT_FOR, **facts)
    elif sms.is_available() and phones.mobile(person.phone):
        text = EXPORT_SMS.format(link=portal_link("beneficiaries:export", export.uuid))
        enqueue_sms(number=person.phone, text=text, lifetime=rules.EXPORT_KEPT_FOR, **facts)


def tell_email_changed(person_code: PersonCode, *, former: str, now: datetime) -> None:
    """The address left behind is warned: it may be a thief who changed it."""
    enqueue_news(
        key=f"email-changed:{person_code.uuid}",
        recipient=former,
        news=News(EMAIL, person_code.uuid),
        person_key=str(person_code.beneficiary.uuid),
        now=now,
    )


def tell_address_added(person_code: PersonCode, *, phone: str, now: datetime) -> None:
    """Who had a mobile alone is warned there, when an SMS reaches it: it may be a thief who added one."""
    if sms.is_available() and phones.mobile(phone):
        key = f"email-added:{person_code.uuid}"
        person_key = str(person_code.beneficiary.uuid)
        enqueue_sms(key=key, number=phone, text=ADDED_SMS, person_key=person_key, now=now)


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
