from datetime import datetime

from django.db import transaction

from beneficiaries.request.errors import ContactMissing
from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services.guard import lock_holder
from beneficiaries.rights import errors, notices, rules
from beneficiaries.rights.enums import CodePurpose
from beneficiaries.rights.models import PersonCode
from beneficiaries.rights.selectors import RECTIFIED
from beneficiaries.rights.services.codes import send_code, use_code
from cep_portal.accounts.models import User
from cep_portal.accounts.services import change_email, record, rename_user
from cep_portal.common import phones
from cep_portal.common.versions import Seen, check_seen
from cep_portal.messaging.services.forgetting import claim_messages


@transaction.atomic
def rectify_identity(
    *,
    beneficiary: Beneficiary,
    first_name: str,
    last_name: str,
    phone: str,
    seen: Seen | None = None,
    now: datetime,
    by: User,
) -> Beneficiary:
    """Correct the name and the phone (RGPD, article 16). The trail names fields and keeps fingerprints of
    their values, never the values (RDV-SP PR 4224). Raises NothingChanged, ContactMissing when no way to
    reach the person would be left.
    """
    person = lock_holder(beneficiary)
    wanted = {"first_name": first_name.strip(), "last_name": last_name.strip(), "phone": phones.kept(phone)}
    check_seen(seen, {name: getattr(person, name) for name in wanted})
    changed = {name: value for name, value in wanted.items() if value != getattr(person, name)}
    if not changed:
        raise errors.NothingChanged("Rien n’a changé.")
    if not wanted["phone"] and not person.email:
        raise ContactMissing("Gardez ce numéro, ou donnez d’abord une adresse de courriel.")
    _leave_trail(person, changed, by=by, now=now)
    for name, value in changed.items():
        setattr(person, name, value)
    person.save(update_fields=list(changed))
    if person.user is not None:
        rename_user(user=person.user, first_name=person.first_name, last_name=person.last_name)
    return person


def ask_email_change(*, beneficiary: Beneficiary, email: str, now: datetime) -> PersonCode:
    """Send a code to the new address; the right code moves the account there. Raises SameEmail, CodesTooMany.

    Nothing says here whether the address opens another account: only who reads it learns that.
    """
    email = email.strip().lower()
    if email == beneficiary.email.lower():
        raise errors.SameEmail("C’est déjà votre adresse.")
    return send_code(beneficiary=beneficiary, purpose=CodePurpose.EMAIL, email=email, now=now)


def confirm_email_change(
    *, person_code: PersonCode, code: str, session_key: str, now: datetime, by: User
) -> Beneficiary:
    """Move the account to the address where the code was read, warn the old one, sign other browsers out.

    Raises the refusals of codes, and EmailTaken when the address opens another account.
    """

    def move(row: PersonCode) -> Beneficiary:
        person = Beneficiary.objects.select_related("user").get(pk=row.beneficiary_id)
        former = person.email
        if person.user is not None:
            change_email(user=person.user, email=row.email, but=session_key, now=now)
        _leave_trail(person, {"email": row.email}, by=by, now=now)
        person.email, person.email_verified_at = row.email, now
        person.save(update_fields=["email", "email_verified_at"])
        if not former:
            notices.tell_address_added(row, phone=person.phone, now=now)
        else:
            claim_messages(recipient=former, person_key=str(person.uuid))
            notices.tell_email_changed(row, former=former, now=now)
        return person

    return use_code(person_code=person_code, code=code, now=now, act=move)


def _leave_trail(person: Beneficiary, changed: dict[str, str], *, by: User, now: datetime) -> None:
    fields = {
        name: [rules.fingerprint(person, getattr(person, name)), rules.fingerprint(person, value)]
        for name, value in changed.items()
    }
    record(action=RECTIFIED, target=person, by=by, data={"fields": fields}, now=now)
