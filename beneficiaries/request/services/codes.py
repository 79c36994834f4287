"""A code of six digits proves an address or a mobile; the person behind it is found again, or created."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from beneficiaries.request import errors, rules
from beneficiaries.request.models import Beneficiary, ContactCode, ServiceRequest
from beneficiaries.request.services.callers import put_in_name
from beneficiaries.request.services.guard import require_open
from beneficiaries.request.services.judging import check_quota, refusal_of, row_typed
from beneficiaries.request.services.people import known_or_new_person, open_account
from beneficiaries.request.wording import reference_line
from cep_portal.accounts.services import record
from cep_portal.common import phones
from cep_portal.messaging.enums import MessageChannel, MessageKind
from cep_portal.messaging.gateways import sms
from cep_portal.messaging.rules import gsm7
from cep_portal.messaging.services import enqueue_message, enqueue_sms

CODE_SUBJECT = "Votre code de confirmation"
CODE_BODY = """Bonjour,

Voici le code à recopier sur la page où vous l’avez demandé :

{code}

Il est valable {minutes} minutes et ne sert qu’une fois.
Vous n’avez rien demandé ? Ne faites rien : sans ce code, rien n’est enregistré à votre nom.
"""
# With a partner beside (docs/adr/0054): what giving the code does, in so many words.
PARTNER_BODY = """Bonjour,

{partner} vous aide à prendre un rendez-vous. Voici votre code :

{code}

En donnant ce code à {partner}, vous acceptez que ce rendez-vous soit pris pour vous.
Rien d’autre : votre dossier reste entre vous et votre conseiller.
Il est valable {minutes} minutes et ne sert qu’une fois.
Vous n’avez rien demandé ? Ne le donnez à personne : sans ce code, rien n’est pris à votre nom.
"""
PARTNER_SMS = (
    "{code} : en donnant ce code à {partner}, vous acceptez un rendez-vous pris pour vous."
    " Valable {minutes} minutes."
)
PARTNER_ROOM = 36  # of the 160 signs of an SMS
CODE_SMS = (
    "{code} : votre code, valable {minutes} minutes. Vous n'avez rien demandé ? Ne le donnez à personne."
)


@transaction.atomic
def send_contact_code(
    *,
    service_request: ServiceRequest,
    first_name: str,
    last_name: str,
    email: str = "",
    phone: str = "",
    channel: str = MessageChannel.EMAIL,
    find_past: bool = False,
    now: datetime,
) -> ContactCode:
    """Send six digits to an address or a mobile, with the contact details that the right code will confirm.

    By SMS no address is kept: nobody has proved it. `find_past` is the person's consent to be linked with
    an older file (docs/adr/0014). Raises CodesTooMany after five codes in an hour for one request or for
    one contact, NoMobile when no SMS reaches the number, NoSms when this portal sends none,
    FileRestricted when the person of the request froze or erased the file.
    """
    require_open(service_request)
    who = {"first_name": first_name, "last_name": last_name, "email": email, "phone": phone}
    drafted = _drafted(service_request, channel, **who)
    drafted.find_past = find_past
    return _send(drafted, now=now)


@transaction.atomic
def send_partner_code(
    *,
    service_request: ServiceRequest,
    first_name: str,
    last_name: str,
    email: str,
    phone: str,
    channel: str,
    partner: str,
    now: datetime,
) -> ContactCode:
    """The same six digits, for a person with a partner beside: the message says what giving them does.

    Nobody beside the person learns of an older file. Raises as send_contact_code.
    """
    require_open(service_request)
    who = {"first_name": first_name, "last_name": last_name, "email": email, "phone": phone}
    return _send(_drafted(service_request, channel, **who), partner=partner, now=now)


def _drafted(
    service_request: ServiceRequest,
    channel: str,
    *,
    first_name: str,
    last_name: str,
    email: str,
    phone: str,
) -> ContactCode:
    by_sms = channel == MessageChannel.SMS
    if by_sms:
        _check_mobile(phone)
    return ContactCode(
        service_request=service_request,
        channel=channel,
        first_name=first_name.strip(),
        last_name=last_name.strip(),
        email="" if by_sms else email.strip().lower(),
        phone=phones.kept(phone),
    )


@transaction.atomic
def send_proof_code(*, service_request: ServiceRequest, now: datetime) -> ContactCode:
    """Send six digits to the contact that the person of a request once proved, wherever the asker is.

    For who comes back with the reference alone, from another browser. Raises PersonUnknown when nobody
    gave a name or proved a contact, CodesTooMany as above.
    """
    person = service_request.beneficiary
    if person is None or not (person.email_verified_at or person.phone_verified_at):
        raise errors.PersonUnknown("Aucune adresse ni aucun numéro n’a été confirmé pour cette demande.")
    by_sms = person.email_verified_at is None
    if by_sms:
        _check_mobile(person.phone)
    contact_code = ContactCode(
        service_request=service_request,
        beneficiary=person,
        channel=MessageChannel.SMS if by_sms else MessageChannel.EMAIL,
        first_name=person.first_name,
        last_name=person.last_name,
        email="" if by_sms else person.email.lower(),
        phone=person.phone if by_sms else "",
    )
    return _send(contact_code, now=now)


def _check_mobile(phone: str) -> None:
    if not sms.is_available():
        raise errors.NoSms("Nous n’envoyons pas de SMS pour l’instant. Donnez une adresse électronique.")
    if phones.mobile(phone) is None:
        raise errors.NoMobile(f"{phones.no_sms(phone)} Donnez un mobile français.".strip())


def _send(contact_code: ContactCode, *, partner: str = "", now: datetime) -> ContactCode:
    asked = ServiceRequest.objects.select_for_update(of=("self",)).get(pk=contact_code.service_request_id)
    _check_quota(contact_code, now)
    code, minutes = rules.new_code(), rules.CODE_LIFETIME.seconds // 60
    contact_code.sent_at, contact_code.expires_at = now, now + rules.CODE_LIFETIME
    contact_code.code_hash = rules.hash_code(contact_code, code)
    contact_code.save(force_insert=True)
    key = f"contact-code:{contact_code.uuid}"
    facts: dict[str, Any] = {"kind": MessageKind.CODE, "lifetime": rules.CODE_LIFETIME, "now": now}
    if contact_code.by_sms:
        name = gsm7.shortened(gsm7.sayable(partner), PARTNER_ROOM)
        text = (PARTNER_SMS if partner else CODE_SMS).format(code=code, minutes=minutes, partner=name)
        text += f" Demande {asked.displayed_reference}"
        enqueue_sms(key=key, number=contact_code.phone, text=text, **facts)
    else:
        body = (PARTNER_BODY if partner else CODE_BODY).format(code=code, minutes=minutes, partner=partner)
        body += reference_line(asked)
        enqueue_message(key=key, recipient=contact_code.email, subject=CODE_SUBJECT, body=body, **facts)
    return contact_code


def _check_quota(contact_code: ContactCode, now: datetime) -> None:
    same_contact = Q(channel=contact_code.channel, **contact_code.proves)
    sent = ContactCode.objects.filter(Q(service_request=contact_code.service_request_id) | same_contact)
    check_quota(sent, now=now, zone=contact_code.service_request.commune.department.zone)


def confirm_contact_code(*, contact_code: ContactCode, code: str, now: datetime) -> Beneficiary:
    """Attach the request to the person who reads the mailbox or the phone; an address opens the account.

    The person is the one known by this proved contact and this name, else a new one; somebody whom an
    adviser has already received is found again only with their consent. Raises CodeWrong, CodeExpired
    (CodeExhausted after five tries), CodeSuperseded (an earlier one), CodeUsed (the right code, again),
    RequestOfAnother. Call it outside any transaction: a wrong try must stay counted, on a used code too.
    """
    with transaction.atomic(durable=True):
        contact_code = (
            ContactCode.objects.select_for_update(of=("self",))
            .select_related("service_request__commune__department")
            .get(pk=contact_code.pk)
        )
        contact_code = _row_typed(contact_code, code)
        refusal = refusal_of(contact_code, code, now)
        if refusal is None:
            return _confirm(contact_code, now)
    raise refusal


def identify_by_code(*, contact_code: ContactCode, code: str, now: datetime) -> Beneficiary:
    """Who the code proves; the right code sent again (double click, slot lost) proves the same person.

    Raises what confirm_contact_code raises, CodeUsed apart.
    """
    try:
        return confirm_contact_code(contact_code=contact_code, code=code, now=now)
    except errors.CodeUsed:
        contact_code.refresh_from_db()
        person = contact_code.service_request.beneficiary
        if person is None:
            raise
        return person


def _row_typed(contact_code: ContactCode, code: str) -> ContactCode:
    request = contact_code.service_request
    sent = ContactCode.objects.select_related("service_request").filter(
        service_request=request, channel=contact_code.channel, **contact_code.proves
    )
    locked = sent.select_for_update(of=("self",))
    return row_typed(contact_code, locked, code, zone=request.commune.department.zone)


def _confirm(contact_code: ContactCode, now: datetime) -> Beneficiary:
    contact_code.used_at = now
    contact_code.save(update_fields=["used_at"])
    # Two codes of one person confirmed together must not create that person twice.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [contact_code.contact])
    request = ServiceRequest.objects.select_for_update(of=("self",)).get(pk=contact_code.service_request_id)
    person = known_or_new_person(contact_code, request=request, now=now)
    _attach(request, person, now)
    open_account(person, now)
    return person


def _attach(request: ServiceRequest, person: Beneficiary, now: datetime) -> None:
    if request.beneficiary_id == person.pk:
        return
    if request.beneficiary_id is not None:
        raise errors.RequestOfAnother(
            "Cette demande est déjà au nom d’une autre personne. Faites votre propre demande."
        )
    put_in_name(request, person, now=now)
    record(action="beneficiaries.request.attached", target=request, by=None, now=now)


def forget_codes(*, now: datetime) -> int:
    """Delete the codes over for a day, with the name and contact typed for them; returns how many.

    Whoever confirmed is a person known elsewhere; nobody keeps the details of who did not.
    """
    deleted, _ = ContactCode.objects.filter(expires_at__lte=now - rules.CODE_KEPT_FOR).delete()
    return deleted
