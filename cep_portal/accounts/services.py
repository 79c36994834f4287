import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import EmailAddress, Login
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cep_portal.accounts import rules
from cep_portal.accounts.enums import Role
from cep_portal.accounts.errors import (
    AccountExists,
    AccountOfPerson,
    EmailTaken,
    MandateAlreadyEnded,
    MandateOverlap,
    MandateScopeInvalid,
    SiretInvalid,
)
from cep_portal.accounts.models import AuditEvent, BrowserSession, Draft, Mandate, Organisation, User
from cep_portal.accounts.rules import browser_name, siret_is_valid
from cep_portal.common.compiled import insert_row
from cep_portal.common.days import local_day, months_later
from cep_portal.common.encryption import seal
from cep_portal.common.retention import DELAYS

NOT_AN_AGENT_S = "Cette adresse ne peut pas ouvrir un compte d’agent. Donnez une adresse professionnelle."
RESTING_DOMAIN = "@reuni.invalid"  # a reserved domain: an account that rests signs nobody in


def record(
    *,
    action: str,
    target: models.Model,
    by: User | None,
    data: dict | None = None,
    now: datetime | None = None,
) -> AuditEvent:
    """Write one line of the journal, inside the caller's transaction; `by` is None for the clock."""
    line = AuditEvent(
        at=now or timezone.now(),
        actor=by,
        mandate=by.mandate if by else None,
        action=action,
        target_type=target._meta.label_lower,
        target_id=target.pk,
        data=data or {},
    )
    return insert_row(line)


def record_opening(*, target: models.Model, by: User, now: datetime, data: dict | None = None) -> AuditEvent:
    """Write in the reading log that an agent opened a file; if it cannot be written, nothing is shown.

    The only write allowed while answering a GET: the harness knows it by its action, « ….opened ».
    """
    return record(action=f"{target._meta.label_lower}.opened", target=target, by=by, now=now, data=data)


def forget_journal(*, now: datetime) -> int:
    """Delete the lines over PORTAL_JOURNAL_MONTHS old, but those that prove an act of the market or of
    steering; returns how many. The database refuses younger ones whatever the setting says.
    """
    before = months_later(now, -settings.PORTAL_JOURNAL_MONTHS)
    lines = AuditEvent.objects.filter(at__lt=before)
    lasting = Q(action__startswith="procurement.") | Q(action__startswith="reporting.")
    deleted, _ = lines.exclude(lasting & ~Q(action__endswith=".opened")).delete()
    return deleted


@transaction.atomic
def create_organisation(
    *, name: str, siret: str | None, is_fictional: bool = False, by: User | None
) -> Organisation:
    """Register a legal entity. Raises SiretInvalid when the SIRET fails its checksum."""
    if siret is not None and not siret_is_valid(siret):
        raise SiretInvalid(f"Le SIRET {siret} est faux : sa clé de contrôle ne correspond pas.")
    organisation = Organisation.objects.create(name=name, siret=siret, is_fictional=is_fictional)
    record(action="accounts.organisation.created", target=organisation, by=by)
    return organisation


@dataclass(frozen=True)
class MandateScope:
    """Where a role holds: an organisation, a region, or neither."""

    organisation: Organisation | None = None
    region_code: str | None = None
    region_name: str = ""


EVERYWHERE = MandateScope()


@transaction.atomic
def grant_mandate(
    *,
    user: User,
    role: str,
    scope: MandateScope = EVERYWHERE,
    starts_on: date,
    ends_on: date | None = None,
    by: User | None,
    now: datetime | None = None,
) -> Mandate:
    """Give a role for a time and a scope.

    Raises MandateScopeInvalid when the scope does not fit the role, MandateOverlap when the person
    already holds the same mandate on part of the period, AccountOfPerson when an agent's role would go to
    the account of somebody who asks for the service.
    """
    if role in Role.agents and user.mandates.filter(role=Role.BENEFICIARY).exists():
        raise AccountOfPerson(NOT_AN_AGENT_S)
    try:
        with transaction.atomic():
            mandate = Mandate.objects.create(
                user=user,
                role=role,
                organisation=scope.organisation,
                region_code=scope.region_code,
                region_name=scope.region_name,
                starts_on=starts_on,
                ends_on=ends_on,
            )
    except IntegrityError as refusal:
        if "mandate_no_overlap" in str(refusal):
            raise MandateOverlap("Cette personne a déjà ce mandat sur la période.") from refusal
        raise MandateScopeInvalid("Le périmètre ou les dates ne conviennent pas à ce rôle.") from refusal
    record(action="accounts.mandate.granted", target=mandate, by=by, data={"role": role}, now=now)
    return mandate


@transaction.atomic
def open_account(*, email: str, first_name: str, last_name: str, by: User | None, now: datetime) -> User:
    """Open an agent's account without a password: the person chooses one by « mot de passe oublié ».

    Raises AccountExists when the address has an account.
    """
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, first_name=first_name, last_name=last_name)
    except IntegrityError as refusal:
        raise AccountExists(NOT_AN_AGENT_S) from refusal
    record(action="accounts.user.created", target=user, by=by, now=now)
    return user


@transaction.atomic
def create_person_account(*, email: str, first_name: str, last_name: str) -> User:
    """The account of a personal space, without a password: its person signs in by a code.

    It has no address when `email` is empty or opens another account (a shared mailbox, an agent's): the code
    goes to the contact of the file.
    """
    names = {"first_name": first_name, "last_name": last_name}
    if email and not User.objects.filter(email__iexact=email).exists():
        try:
            with transaction.atomic():
                return User.objects.create_user(email, **names)
        except IntegrityError:  # opened by another at the same instant
            pass
    return User.objects.create_user("", **names)


def sign_in_by_code(request: HttpRequest, *, user: User, contact: dict[str, str], to: str) -> HttpResponse:
    """Sign in, in this browser, who copied a code sent to `contact`; answers with the page `to`.

    An agent is refused (ASVS 6.3.3); who has a second factor is asked for it first.
    """
    record_authentication(request, user, method="code", **contact)
    quiet = EmailVerificationMethod.NONE  # the code has just proved the contact
    return perform_login(request, Login(user=user, redirect_url=to or None, email_verification=quiet))


@transaction.atomic
def create_administrator(
    *, email: str, first_name: str, last_name: str, by: User | None, now: datetime
) -> User:
    """Open an account without a password and make it an administrator from today, without an end.

    Raises AccountExists when the address has an account: an administrator then gives it the mandate.
    """
    user = open_account(email=email, first_name=first_name, last_name=last_name, by=by, now=now)
    grant_mandate(user=user, role=Role.ADMINISTRATOR, starts_on=local_day(now), by=by, now=now)
    return user


@transaction.atomic
def end_mandate(*, mandate: Mandate, by: User | None, now: datetime) -> Mandate:
    """Remove a mandate at once: the person's next request no longer has it (ASVS 7.4.2)."""
    # No key: who writes a line of the journal under it meanwhile does not wait.
    mandate = Mandate.objects.select_for_update(of=("self",), no_key=True).get(pk=mandate.pk)
    if mandate.ended_at is not None:
        raise MandateAlreadyEnded("Ce mandat est déjà retiré.")
    mandate.ended_at = now
    mandate.save(update_fields=["ended_at"])
    record(action="accounts.mandate.ended", target=mandate, by=by, now=now)
    return mandate


@transaction.atomic
def follow_session(*, user: User, key: str, user_agent: str, now: datetime) -> None:
    """Remember that a person is signed in on a browser; called at sign-in, then now and then."""
    seen = {"browser": browser_name(user_agent), "last_seen_at": now}
    BrowserSession.objects.update_or_create(
        key=key, user=user, defaults=seen, create_defaults={**seen, "started_at": now}
    )


@transaction.atomic
def end_sessions(*, user: User, but: str = "", only: uuid.UUID | None = None, now: datetime) -> int:
    """Sign a person out of every browser, of the one named `only`, or of all `but` the one of this key."""
    ended = user.browser_sessions.exclude(key=but)
    if only is not None:
        ended = ended.filter(uuid=only)
    keys = list(ended.values_list("key", flat=True))
    if keys:
        Session.objects.filter(session_key__in=keys).delete()
        user.browser_sessions.filter(key__in=keys).delete()
        record(action="accounts.sessions.ended", target=user, by=user, data={"count": len(keys)}, now=now)
    return len(keys)


def forget_sessions() -> int:
    """Delete the rows of browsers whose Django session is gone; returns how many."""
    live = Session.objects.values("session_key")
    deleted, _ = BrowserSession.objects.exclude(key__in=live).delete()
    return deleted


@transaction.atomic
def change_email(*, user: User, email: str, but: str = "", now: datetime) -> User:
    """Sign in with another address from now on; the other browsers are signed out (ASVS 7.4.3).

    The caller has proved that the person reads it. Raises EmailTaken when it opens another account.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    user.email = email.lower()
    try:
        with transaction.atomic():
            user.save(update_fields=["email"])
    except IntegrityError as refusal:
        raise EmailTaken("Cette adresse ouvre déjà un autre compte.") from refusal
    EmailAddress.objects.filter(user=user).delete()
    end_sessions(user=user, but=but, now=now)
    return user


@transaction.atomic
def lend_address(*, lender: User, to: User, now: datetime) -> None:
    """The address of one account opens another of the same human being from now on; the first one rests.

    The caller knows that both are one person. `take_address_back` undoes it.
    """
    lender = User.objects.select_for_update(of=("self",)).get(pk=lender.pk)
    address = lender.email
    lender.email, lender.is_active = f"{lender.uuid.hex}{RESTING_DOMAIN}", False
    lender.save(update_fields=["email", "is_active"])
    EmailAddress.objects.filter(user=lender).delete()
    end_sessions(user=lender, now=now)
    if address:
        EmailAddress.objects.create(user=to, email=address, verified=True, primary=False)


@transaction.atomic
def take_address_back(*, lender: User, address: str, to: User, now: datetime) -> None:
    """Each account has its own address again; browsers signed in with the address lent are signed out."""
    EmailAddress.objects.filter(user=to, email__iexact=address, email__gt="").delete()
    lender = User.objects.select_for_update(of=("self",)).get(pk=lender.pk)
    lender.email, lender.is_active = address, True
    lender.save(update_fields=["email", "is_active"])
    end_sessions(user=to, now=now)


@transaction.atomic
def rename_user(*, user: User, first_name: str, last_name: str) -> None:
    """Correct the name shown at the top of the pages; the caller writes the trail."""
    user.first_name, user.last_name = first_name, last_name
    user.save(update_fields=["first_name", "last_name"])


@transaction.atomic
def close_account(*, user: User, now: datetime) -> None:
    """Take the identity away from an account and shut it for good; its mandates end. Safe to run twice."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    user.email = f"{user.uuid.hex}@efface.invalid"
    user.first_name = user.last_name = ""
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["email", "first_name", "last_name", "is_active", "password"])
    user.mandates.filter(ended_at__isnull=True).update(ended_at=now)
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    keys = user.browser_sessions.values("key")
    Session.objects.filter(session_key__in=keys).delete()
    user.browser_sessions.all().delete()
    user.drafts.all().delete()


@transaction.atomic
def keep_draft(*, user: User, path: str, values: Mapping[str, Sequence[str]], now: datetime) -> Draft | None:
    """Seal what was typed on a page, for its account to find again; the last of a page replaces the former.

    None, and nothing is kept, over DRAFT_BYTES or DRAFTS pages, or for an account that is shut.
    """
    user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    typed = json.dumps({name: list(texts) for name, texts in values.items()}, ensure_ascii=False)
    others = user.drafts.exclude(path=path).filter(kept_at__gt=now - DELAYS["draft"].duration).count()
    if not user.is_active or len(typed.encode()) > rules.DRAFT_BYTES or others >= rules.DRAFTS:
        return None
    user.drafts.filter(path=path).delete()
    draft = Draft(user=user, path=path, kept_at=now)
    sealed = seal(typed, context=f"draft:{draft.uuid}")
    draft.key_id, draft.sealed = sealed.key_id, sealed.data
    draft.save(force_insert=True)
    return draft


def drop_draft(*, user: User, path: str) -> None:
    """The page was sent for good: its text is where it belongs."""
    user.drafts.filter(path=path).delete()


def forget_drafts(*, now: datetime) -> int:
    """Delete the drafts over a day old; returns how many."""
    deleted, _ = Draft.objects.filter(kept_at__lte=now - DELAYS["draft"].duration).delete()
    return deleted
