import uuid
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from beneficiaries.request import errors, rules, selectors
from beneficiaries.request.enums import Need, RequestState, Urgency
from beneficiaries.request.models import Beneficiary, EmailCode, ServiceRequest
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.accounts.selectors import active_mandates
from cep_portal.accounts.services import grant_mandate, record
from cep_portal.common.errors import DomainError
from cep_portal.documents.models import StoredDocument
from cep_portal.documents.services import issue_document
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.services import enqueue_message
from cep_portal.territories.models import Commune
from procurement.contracts.selectors import contract_in_force

CODE_SUBJECT = "Votre code de confirmation"
CODE_BODY = """Bonjour,

Voici le code à recopier sur la page où vous l’avez demandé :

{code}

Il est valable {minutes} minutes et ne sert qu’une fois.
Vous n’avez rien demandé ? Ne faites rien : sans ce code, rien n’est enregistré à votre nom.
"""


@transaction.atomic
def register_request(
    *,
    situation: str,
    commune: Commune,
    commune_basis: str,
    needs: list[str],
    access_needs: list[str],
    now: datetime,
    urgency: str = Urgency.NO_HURRY,
    by: User | None = None,
    key: uuid.UUID | None = None,
) -> ServiceRequest:
    """Write down that somebody asks for the service, at an instant nobody can change (R5422-2-1).

    The request goes to the contract in force for the commune on that day, local date. A person signed in
    is attached at once; otherwise the code does it. The same `key` twice is one request (double click).
    Raises NoContractInForce when nobody holds the territory on that day.
    """
    contract = contract_in_force(commune, on=selectors.local_day(commune=commune, now=now))
    if contract is None:
        raise errors.NoContractInForce(
            f"Aucun opérateur n’est désigné à ce jour pour {commune.name} :"
            " votre demande n’est pas enregistrée."
        )
    request, created = ServiceRequest.objects.get_or_create(
        uuid=key or uuid.uuid4(),
        defaults={
            "reference": rules.new_reference(),
            "requested_at": now,
            "situation": situation,
            "commune": commune,
            "commune_basis": commune_basis,
            "needs": [need for need in Need.values if need in needs],
            "urgency": urgency,
            "access_needs": sorted(access_needs),
            "contract": contract,
            "beneficiary": _person_behind(by),
        },
    )
    if created:
        record(action="beneficiaries.request.registered", target=request, by=by, now=now)
    return request


def _person_behind(user: User | None) -> Beneficiary | None:
    if user is None or user.role != Role.BENEFICIARY:
        return None
    return Beneficiary.objects.filter(user=user).first()


@transaction.atomic
def send_email_code(
    *,
    service_request: ServiceRequest,
    first_name: str,
    last_name: str,
    email: str,
    phone: str,
    now: datetime,
) -> EmailCode:
    """Send six digits to an address, with the contact details that the right code will confirm.

    Raises CodesTooMany after five codes in an hour for one request or for one address: nobody's
    mailbox can be flooded from here.
    """
    ServiceRequest.objects.select_for_update(of=("self",)).get(pk=service_request.pk)
    email = email.strip().lower()
    _check_code_quota(service_request, email, now)
    code = rules.new_code()
    email_code = EmailCode(
        service_request=service_request,
        first_name=first_name.strip(),
        last_name=last_name.strip(),
        email=email,
        phone=phone.strip(),
        sent_at=now,
        expires_at=now + rules.CODE_LIFETIME,
    )
    email_code.code_hash = rules.hash_code(email_code, code)
    email_code.save(force_insert=True)
    enqueue_message(
        key=f"email-code:{email_code.uuid}",
        recipient=email,
        subject=CODE_SUBJECT,
        body=CODE_BODY.format(code=code, minutes=rules.CODE_LIFETIME.seconds // 60),
        kind=MessageKind.CODE,
        lifetime=rules.CODE_LIFETIME,
        now=now,
    )
    return email_code


def _check_code_quota(service_request: ServiceRequest, email: str, now: datetime) -> None:
    recent = EmailCode.objects.filter(sent_at__gt=now - timedelta(hours=1))
    same = Q(service_request=service_request) | Q(email=email)
    if recent.filter(same).count() >= rules.CODES_AN_HOUR:
        raise errors.CodesTooMany(
            "Cinq codes ont déjà été envoyés depuis une heure."
            " Utilisez le dernier reçu, ou réessayez plus tard."
        )


def confirm_email_code(*, email_code: EmailCode, code: str, now: datetime) -> Beneficiary:
    """Attach the request to the person who reads the mailbox, and let that person sign in later.

    The person is the one known by this address and this name, else a new one. Raises CodeWrong,
    CodeExpired (CodeExhausted after five tries), CodeUsed (the right code, again), RequestOfAnother. Call
    it outside any transaction: a wrong try must stay counted, on a used code too.
    """
    with transaction.atomic(durable=True):
        email_code = (
            EmailCode.objects.select_for_update(of=("self",))
            .select_related("service_request")
            .get(pk=email_code.pk)
        )
        refusal = _refusal(email_code, code, now)
        if refusal is None:
            return _confirm(email_code, now)
    raise refusal


def _refusal(email_code: EmailCode, code: str, now: datetime) -> DomainError | None:
    if email_code.expires_at <= now:
        return errors.CodeExpired("Ce code n’est plus valable. Demandez-en un nouveau.")
    if email_code.attempts >= rules.CODE_ATTEMPTS:
        return errors.CodeExhausted("Trop d’essais avec ce code. Demandez-en un nouveau.")
    if rules.code_matches(email_code, code):
        return errors.CodeUsed("Ce code a déjà servi.") if email_code.used_at is not None else None
    email_code.attempts += 1
    email_code.save(update_fields=["attempts"])
    left = rules.CODE_ATTEMPTS - email_code.attempts
    plural = "s" if left > 1 else ""
    return errors.CodeWrong(f"Ce code ne convient pas. Il vous reste {left} essai{plural}.")


def _confirm(email_code: EmailCode, now: datetime) -> Beneficiary:
    email_code.used_at = now
    email_code.save(update_fields=["used_at"])
    # Two codes of one person confirmed together must not create that person twice.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [email_code.email])
    person = _known_or_new_person(email_code, now)
    _attach(email_code.service_request_id, person, now)
    _open_account(person, now)
    return person


def forget_codes(*, now: datetime) -> int:
    """Delete the codes over for a day, with the name and address typed for them; returns how many.

    Whoever confirmed is a person known elsewhere; nobody keeps the details of who did not.
    """
    deleted, _ = EmailCode.objects.filter(expires_at__lte=now - rules.CODE_KEPT_FOR).delete()
    return deleted


def _known_or_new_person(email_code: EmailCode, now: datetime) -> Beneficiary:
    details = {name: getattr(email_code, name) for name in ("email", "first_name", "last_name")}
    person = selectors.same_person(**details)
    if person is None:
        return Beneficiary.objects.create(
            **details, phone=email_code.phone, created_at=now, contact_proved_at=now
        )
    if person.contact_proved_at is None:
        person.contact_proved_at = now
        person.save(update_fields=["contact_proved_at"])
    if email_code.phone and email_code.phone != person.phone:
        person.phone = email_code.phone
        person.save(update_fields=["phone"])
    return person


def _attach(request_id: int, person: Beneficiary, now: datetime) -> None:
    request = ServiceRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    if request.beneficiary_id == person.pk:
        return
    if request.beneficiary_id is not None:
        raise errors.RequestOfAnother(
            "Cette demande est déjà au nom d’une autre personne. Faites votre propre demande."
        )
    request.beneficiary = person
    request.save(update_fields=["beneficiary"])
    record(action="beneficiaries.request.attached", target=request, by=None, now=now)


def _open_account(person: Beneficiary, now: datetime) -> None:
    """A user and a mandate, so that a code sent to the same address opens the personal space."""
    user = person.user or _new_account(person)
    if user is None:
        return
    today = timezone.localdate(now)
    if not active_mandates(user=user, on=today).filter(role=Role.BENEFICIARY).exists():
        grant_mandate(user=user, role=Role.BENEFICIARY, starts_on=today, by=None)


def _new_account(person: Beneficiary) -> User | None:
    """None when the address opens an agent's account, or another person's of the same mailbox.

    An agent's account is never linked: it would show a person's own requests at the workplace.
    """
    user = User.objects.filter(email__iexact=person.email).first()
    if user is None:
        names = {"first_name": person.first_name, "last_name": person.last_name}
        user = User.objects.create_user(person.email, **names)
    if _is_taken(user):
        return None
    person.user = user
    person.save(update_fields=["user"])
    return user


def _is_taken(user: User) -> bool:
    return (
        user.mandates.filter(role__in=Role.agents).exists() or Beneficiary.objects.filter(user=user).exists()
    )


def mark_scheduled(
    *, service_request: ServiceRequest, now: datetime, by: User | None = None
) -> ServiceRequest:
    """An appointment is booked. A person already received stays so: later bookings do not go back."""
    return _advance(service_request, RequestState.SCHEDULED, now, by)


def mark_unscheduled(
    *, service_request: ServiceRequest, now: datetime, by: User | None = None
) -> ServiceRequest:
    """No live appointment is left: the request waits for a new one, unless the person was received."""
    return _advance(service_request, RequestState.REGISTERED, now, by)


def mark_served(*, service_request: ServiceRequest, now: datetime, by: User | None = None) -> ServiceRequest:
    """A first session was held; nothing takes it back."""
    return _advance(service_request, RequestState.SERVED, now, by)


@transaction.atomic(savepoint=False)
def _advance(service_request: ServiceRequest, target: str, now: datetime, by: User | None) -> ServiceRequest:
    """The state tells how far the request has come; an act that leads nowhere further leaves it.

    One statement reads, locks and writes: bookings wait for nothing more.
    """
    sources = [state for state in RequestState if rules.leads_to(state, target)]
    waiting = ServiceRequest.objects.filter(pk=service_request.pk, state__in=sources)
    if waiting.update(state=target):
        service_request.state = target
        action = f"beneficiaries.request.{RequestState(target).name.lower()}"
        record(action=action, target=service_request, by=by, now=now)
    return service_request


@transaction.atomic
def store_attestation(
    *, service_request: ServiceRequest, title: str, content: bytes, check_code: str, now: datetime
) -> StoredDocument:
    """Keep the first attestation of a request; a second one made at the same moment is dropped."""
    request = ServiceRequest.objects.select_for_update(of=("self",)).get(pk=service_request.pk)
    if request.attestation is not None:
        return request.attestation
    request.attestation = issue_document(
        kind="beneficiaries.attestation",
        title=title,
        file_name=f"attestation-{request.displayed_reference}.pdf",
        content=content,
        check_code=check_code,
        now=now,
    )
    request.save(update_fields=["attestation"])
    record(action="beneficiaries.attestation.issued", target=request, by=None, now=now)
    return request.attestation


def hold_request(*, session, service_request: ServiceRequest) -> None:
    """This browser asked: it may see the answers until somebody gives a name."""
    _keep(session, rules.ASKED_KEY, service_request)


def prove_request(*, session, service_request: ServiceRequest) -> None:
    """This browser copied the right code: it may see the answers, the attestation and the appointment.

    The session gets a new key: who knew the former one, on a shared phone, does not follow.
    """
    session.cycle_key()
    _keep(session, rules.PROVED_KEY, service_request)


def _keep(session, name: str, service_request: ServiceRequest) -> None:
    kept = session.get(name, [])
    if service_request.reference not in kept:
        session[name] = [*kept, service_request.reference]
