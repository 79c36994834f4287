from datetime import datetime

from django.db import connection, transaction

from beneficiaries.request.callers import attach_known, like_caller, name_person
from beneficiaries.request.models import Beneficiary, ServiceRequest
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.territories.models import Commune
from operators.agenda.enums import AppointmentState, CancelledBy, Channel
from operators.agenda.models import Appointment
from operators.agenda.services import cancel_appointment, hold_slot, move_appointment
from operators.calls.enums import Consent
from operators.calls.services import book_with_consent, register_for
from operators.desk.selectors import people_of
from operators.network.models import Site
from operators.software import rules
from operators.software.errors import ClientAlreadyRevoked, KeyReused
from operators.software.models import ApiClient

KEY_REUSED = "Cette clé d’idempotence a déjà servi pour un autre rendez-vous."


@transaction.atomic
def create_client(*, name: str, scopes: list[str], by: User, now: datetime) -> tuple[ApiClient, str]:
    """Authorise a software of the manager's organisation; returns it with its secret, shown this once."""
    if by.mandate is None or by.mandate.organisation is None:
        raise ValueError("a manager acts for an organisation")
    secret = rules.new_secret()
    client = ApiClient(
        organisation=by.mandate.organisation,
        name=name.strip(),
        scopes=sorted(scopes),
        created_at=now,
        created_by=by,
    )
    client.secret_hash = rules.hash_secret(client.uuid, secret)
    client.save(force_insert=True)
    record(
        action="operators.api_client.created",
        target=client,
        by=by,
        data={"scopes": client.scopes},
        now=now,
    )
    return client, secret


@transaction.atomic
def revoke_client(*, client: ApiClient, by: User, now: datetime) -> ApiClient:
    """End a software's access at once, its tokens included. Raises ClientAlreadyRevoked."""
    locked = ApiClient.objects.select_for_update(of=("self",)).get(pk=client.pk)
    if locked.revoked_at is not None:
        raise ClientAlreadyRevoked("Ce logiciel n’a déjà plus accès.")
    locked.revoked_at = now
    locked.save(update_fields=["revoked_at"])
    record(action="operators.api_client.revoked", target=locked, by=by, now=now)
    return locked


@transaction.atomic
def issue_token(*, client: ApiClient, now: datetime) -> str:
    """A bearer token for an hour; the secret then stays at home."""
    ApiClient.objects.filter(pk=client.pk).update(last_used_at=now)
    return rules.sign_token(client)


@transaction.atomic
def book_by_software(
    *,
    client: ApiClient,
    key: str,
    site: Site,
    starts_at: datetime,
    level: str,
    mode: str,
    commune: Commune,
    commune_basis: str,
    situation: str,
    needs: list[str],
    access_needs: list[str],
    urgency: str,
    person: dict[str, str],
    now: datetime,
) -> tuple[Appointment, bool]:
    """Register, hold and confirm for a person whose agreement and contact the operator answers for.

    The same key gives the same appointment, and False: nothing is done twice. Raises KeyReused when it came
    with another hour, place or name; then what register_for, hold_slot and confirm_hold raise, and nothing is
    written.
    """
    booking_key = rules.key_of(client, key)
    _one_at_a_time(str(booking_key))
    known = (
        Appointment.objects.select_related("site", "beneficiary").filter(idempotency_key=booking_key).first()
    )
    if known is not None:
        _check_same(known, site, starts_at, person)
        return known, False
    request = register_for(
        organisation_id=client.organisation_id,
        by=None,
        commune=commune,
        commune_basis=commune_basis,
        situation=situation,
        needs=needs,
        access_needs=access_needs,
        urgency=urgency,
        key=rules.key_of(client, key, "request"),
        now=now,
    )
    beneficiary = _person(client, request, person, now=now)
    hold = hold_slot(
        service_request=request,
        contract=request.contract,
        site=site,
        starts_at=starts_at,
        level=level,
        mode=mode,
        now=now,
        channel=Channel.SOFTWARE,
    )
    booked = book_with_consent(
        hold=hold,
        beneficiary=beneficiary,
        idempotency_key=booking_key,
        consent=Consent.OPERATOR,
        by=None,
        now=now,
    )
    _tell_who(client, "booked", booked, now=now)
    return booked, True


def _one_at_a_time(key: str) -> None:
    """Two calls with one key wait for each other: the second finds what the first booked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _check_same(known: Appointment, site: Site, starts_at: datetime, person: dict[str, str]) -> None:
    names = (known.beneficiary.first_name, known.beneficiary.last_name) if known.beneficiary else ()
    told = (person["first_name"].strip(), person["last_name"].strip())
    if (known.site_id, known.starts_at) != (site.pk, starts_at) or names != told:
        raise KeyReused(KEY_REUSED)


def _person(
    client: ApiClient, request: ServiceRequest, person: dict[str, str], *, now: datetime
) -> Beneficiary:
    """Whom the operator knows by this name and contact, when there is one and only one; else a new person."""
    found = like_caller(people_of(user=rules.SoftwareUser(client)), **person)
    if len(found) == 1:
        return attach_known(service_request=request, beneficiary=found[0], by=None, now=now)
    return name_person(service_request=request, by=None, now=now, **person)


@transaction.atomic
def cancel_by_software(
    *, client: ApiClient, appointment: Appointment, by: str, reason: str, now: datetime
) -> Appointment:
    """Cancel; an appointment cancelled already stays as it is. Raises what cancel_appointment raises."""
    _one_at_a_time(str(appointment.uuid))
    appointment.refresh_from_db(fields=["state"])
    if appointment.state == AppointmentState.CANCELLED:
        return appointment
    cancelled = cancel_appointment(appointment=appointment, by=CancelledBy(by), reason=reason, now=now)
    _tell_who(client, "cancelled", cancelled, now=now)
    return cancelled


@transaction.atomic
def move_by_software(
    *,
    client: ApiClient,
    appointment: Appointment,
    site: Site,
    starts_at: datetime,
    level: str,
    mode: str,
    now: datetime,
) -> Appointment:
    """Move; the same move sent again gives the same new appointment, while it stands.

    Raises what move_appointment raises: TransitionRefused when the new one was cancelled or moved since.
    """
    _one_at_a_time(str(appointment.uuid))
    moved = Appointment.objects.select_related("site").filter(moved_from=appointment).first()
    if moved is not None and _is_same_move(moved, site, starts_at, level, mode):
        return moved
    moved = move_appointment(
        appointment=appointment, site=site, starts_at=starts_at, level=level, mode=mode, now=now
    )
    _tell_who(client, "moved", moved, now=now)
    return moved


def _is_same_move(moved: Appointment, site: Site, starts_at: datetime, level: str, mode: str) -> bool:
    if moved.state == AppointmentState.CANCELLED:
        return False
    return (moved.site_id, moved.starts_at, moved.level, moved.mode) == (site.pk, starts_at, level, mode)


def _tell_who(client: ApiClient, act: str, appointment: Appointment, *, now: datetime) -> None:
    """The journal knows no person behind a software: it names the software."""
    record(
        action=f"operators.api_client.{act}",
        target=client,
        by=None,
        data={"appointment": str(appointment.uuid)},
        now=now,
    )
