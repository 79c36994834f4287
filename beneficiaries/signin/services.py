"""A code proves an address or a mobile; the space of the person behind it opens, whoever named them first."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from beneficiaries.request import errors
from beneficiaries.request.models import Beneficiary
from beneficiaries.request.rules import (
    CODE_KEPT_FOR,
    CODE_LIFETIME,
    hash_code,
    new_code,
)
from beneficiaries.request.services.judging import check_quota, count_try, over_of, refusal_of, row_typed
from beneficiaries.request.services.people import open_account, proved_contact
from beneficiaries.signin.errors import FileToChoose, NobodyBehind
from beneficiaries.signin.models import SignInCode
from beneficiaries.signin.selectors import Behind, behind
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common import phones
from cep_portal.common.errors import DomainError
from cep_portal.messaging.enums import MessageChannel, MessageKind
from cep_portal.messaging.gateways import sms
from cep_portal.messaging.services import enqueue_message, enqueue_sms

SUBJECT = "Votre code de connexion"
BODY = """Bonjour,

Voici le code à recopier sur la page où vous l’avez demandé :

{code}

Il est valable {minutes} minutes et ne sert qu’une fois.
Vous n’avez rien demandé ? Ne faites rien : sans ce code, personne n’entre.
"""
SMS = "{code} : votre code, valable {minutes} minutes. Vous n'avez rien demandé ? Ne le donnez à personne."
NOBODY = (
    "Personne de ce nom n’est connu à ce contact."
    " Écrivez votre nom comme vous l’avez donné, ou essayez un autre contact."
)


@transaction.atomic
def send_sign_in_code(*, email: str = "", phone: str = "", now: datetime) -> SignInCode:
    """Send six digits to an address or a mobile, known or not: the same rows, messages and time for both.

    Raises CodesTooMany after five codes in an hour to one contact, NoSms when this portal sends none.
    """
    channel = MessageChannel.EMAIL if email else MessageChannel.SMS
    if channel == MessageChannel.SMS and not sms.is_available():
        raise errors.NoSms("Nous n’envoyons pas de SMS pour l’instant. Donnez une adresse de courriel.")
    code, lifetime = new_code(), CODE_LIFETIME
    row = SignInCode(channel=channel, email=email.strip().lower(), phone=phones.kept(phone) if phone else "")
    _check_quota(row, now)
    row.sent_at, row.expires_at, row.code_hash = now, now + lifetime, hash_code(row, code)
    row.save(force_insert=True)
    facts: dict[str, Any] = {"kind": MessageKind.CODE, "lifetime": lifetime, "now": now}
    key, minutes = f"sign-in-code:{row.uuid}", lifetime.seconds // 60
    if row.by_sms:
        enqueue_sms(key=key, number=row.phone, text=SMS.format(code=code, minutes=minutes), **facts)
    else:
        body = BODY.format(code=code, minutes=minutes)
        enqueue_message(key=key, recipient=row.email, subject=SUBJECT, body=body, **facts)
    return row


def _check_quota(row: SignInCode, now: datetime) -> None:
    with connection.cursor() as cursor:  # two codes asked at once are counted one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [row.contact])
    check_quota(SignInCode.objects.filter(email=row.email, phone=row.phone), now=now)


def prove_sign_in_code(*, sign_in_code: SignInCode, code: str, now: datetime) -> Behind:
    """Who may stand behind the contact whose code is copied; nobody is told before.

    Raises CodeWrong, CodeSuperseded, CodeExpired, CodeExhausted, CodeUsed. Call it outside any transaction: a
    wrong try must stay counted.
    """
    with transaction.atomic(durable=True):
        row = SignInCode.objects.select_for_update(of=("self",)).get(pk=sign_in_code.pk)
        # Earlier ones alone: a stranger who asks for codes to this contact never spoils this browser’s.
        sent = SignInCode.objects.filter(email=row.email, phone=row.phone, pk__lte=row.pk)
        row = row_typed(row, sent, code)
        refusal = refusal_of(row, code, now)
        if refusal is None:
            row.proved_at = row.proved_at or now
            row.save(update_fields=["proved_at"])
            return behind(row, now=now)
    raise refusal


def open_space(
    *,
    sign_in_code: SignInCode,
    first_name: str = "",
    last_name: str = "",
    file: UUID | None = None,
    now: datetime,
) -> User:
    """The account of the person behind a proved contact, opened at the first sign-in.

    The name says who when the contact alone does not; `file` which of one's own files, among several. The
    contact is proved on the file from now on. Raises NobodyBehind (counted as a try), FileToChoose, and
    CodeExpired, CodeExhausted or CodeUsed. Call it outside any transaction.
    """
    with transaction.atomic(durable=True):
        row = SignInCode.objects.select_for_update(of=("self",)).get(pk=sign_in_code.pk)
        refusal = _not_open(row, now)
        if refusal is None:
            who = behind(row, now=now)
            people = who.named(first_name, last_name) if who.needs_name else who.people
            if file is not None:
                people = [person for person in people if person.uuid == file]
            if len(people) > 1:
                raise FileToChoose(people)
            if people:
                return _open(row, people[0], now)
            refusal = count_try(row, NOBODY, NobodyBehind)
    raise refusal


def _not_open(row: SignInCode, now: datetime) -> DomainError | None:
    """The name is asked after the code: it may take as long again."""
    if row.used_at is not None:
        return errors.CodeUsed("Ce code a déjà servi.")
    return over_of(row, row.proved_at + CODE_LIFETIME if row.proved_at else now, now)


def _open(row: SignInCode, person: Beneficiary, now: datetime) -> User:
    row.used_at = now
    row.save(update_fields=["used_at"])
    person = Beneficiary.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    if person.contact_proved_at is None:
        record(action="beneficiaries.contact.proved", target=person, by=None, now=now)
    proved_contact(person, row, now)
    return open_account(person, now)


def forget_sign_in_codes(*, now: datetime) -> int:
    """Delete the codes over for a day, with the contact typed for them; returns how many."""
    deleted, _ = SignInCode.objects.filter(expires_at__lte=now - CODE_KEPT_FOR).delete()
    return deleted
