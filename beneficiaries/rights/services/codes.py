from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from beneficiaries.request import errors
from beneficiaries.request.models import Beneficiary, ServiceRequest
from beneficiaries.request.rules import (
    CODE_LIFETIME,
    hash_code,
    new_code,
)
from beneficiaries.request.services.guard import check_open, lock_holder
from beneficiaries.request.services.judging import check_quota, refusal_of, row_typed
from beneficiaries.rights.models import PersonCode
from cep_portal.common import phones
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.gateways import sms
from cep_portal.messaging.services import enqueue_message, enqueue_sms

SUBJECT = "Votre code de confirmation"
BODY = """Bonjour,

Voici le code à recopier sur la page où vous l’avez demandé :

{code}

Il est valable {minutes} minutes et ne sert qu’une fois. Il sert à : {purpose}.
Vous n’avez rien demandé ? Ne faites rien : sans ce code, rien ne change.
"""
SMS = "{code} : votre code, valable {minutes} minutes. Vous n'avez rien demandé ? Ne le donnez à personne."


def lock_file(beneficiary: Beneficiary) -> Beneficiary:
    """Lock a person's requests, then the person: the order of ADR 0010."""
    requests = ServiceRequest.objects.filter(beneficiary=beneficiary).order_by("pk")
    list(requests.select_for_update(of=("self",), no_key=True))
    return Beneficiary.objects.select_for_update(of=("self",)).get(pk=beneficiary.pk)


@transaction.atomic
def send_code(*, beneficiary: Beneficiary, purpose: str, email: str, now: datetime) -> PersonCode:
    """Send six digits that will confirm the use of a right: to an address, or without one to the mobile.

    Raises CodesTooMany after five in an hour, NoMobile and NoSms when there is neither, FileRestricted
    once erased.
    """
    lock_holder(beneficiary)
    number = "" if email else _mobile(beneficiary)
    check_quota(beneficiary.person_codes.all(), now=now)
    row = PersonCode(
        beneficiary=beneficiary, purpose=purpose, email=email, sent_at=now, expires_at=now + CODE_LIFETIME
    )
    code = new_code()
    row.code_hash = hash_code(row, code)
    row.save(force_insert=True)
    facts: dict[str, Any] = {
        "lifetime": CODE_LIFETIME,
        "kind": MessageKind.CODE,
        "person_key": str(beneficiary.uuid),
        "now": now,
    }
    key, minutes = f"person-code:{row.uuid}", CODE_LIFETIME.seconds // 60
    if number:
        enqueue_sms(key=key, number=number, text=SMS.format(code=code, minutes=minutes), **facts)
    else:
        body = BODY.format(code=code, minutes=minutes, purpose=row.get_purpose_display())
        enqueue_message(key=key, recipient=email, subject=SUBJECT, body=body, **facts)
    return row


def _mobile(beneficiary: Beneficiary) -> str:
    if not sms.is_available():
        raise errors.NoSms("Nous n’envoyons pas de SMS pour l’instant : appelez votre conseiller.")
    number = phones.mobile(beneficiary.phone)
    if number is None:
        raise errors.NoMobile("Aucune adresse ni aucun mobile n’est connu : appelez votre conseiller.")
    return number


def use_code[Result](
    *, person_code: PersonCode, code: str, now: datetime, act: Callable[[PersonCode], Result]
) -> Result:
    """Do what a code confirms.

    Raises CodeWrong, CodeExpired, CodeExhausted, CodeSuperseded, CodeUsed, and what `act` raises.

    Call it outside any transaction: a wrong try stays counted; a refused act leaves the code usable.
    """
    with transaction.atomic(durable=True):
        person = lock_file(person_code.beneficiary)
        check_open(None, person.erased_at, None)
        row = (
            PersonCode.objects.select_for_update(of=("self",))
            .select_related("beneficiary")
            .get(pk=person_code.pk)
        )
        sent = PersonCode.objects.filter(
            beneficiary=row.beneficiary_id, purpose=row.purpose, email=row.email
        ).select_related("beneficiary")
        row = row_typed(row, sent.select_for_update(of=("self",)), code)
        refusal = refusal_of(row, code, now)
        if refusal is None:
            row.used_at = now
            row.save(update_fields=["used_at"])
            return act(row)
    raise refusal
