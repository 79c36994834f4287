"""Booking, moving and cancelling by software: the services of the pages, and one key for one act."""

from datetime import datetime

from django.db import transaction

from beneficiaries.request.models import Beneficiary, ServiceRequest
from beneficiaries.request.services import RequestFacts
from beneficiaries.request.services.callers import attach_known, like_caller, name_person
from cep_portal.common.locks import one_at_a_time
from operators.booking.agenda.enums import AppointmentState, CancelledBy, Channel
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.services import (
    WantedSlot,
    cancel_appointment,
    change_level,
    hold_slot,
    move_appointment,
    refuse_moved,
)
from operators.casework.desk.selectors import people_of
from operators.exchange.software import rules
from operators.exchange.software.errors import KeyReused
from operators.exchange.software.models import ApiClient
from operators.exchange.software.services.clients import tell_who
from operators.exchange.software.services.keys import KEY_OLD, is_first_use
from operators.network.models import Site
from operators.reception.calls.enums import Consent
from operators.reception.calls.services import book_with_consent, register_for


@transaction.atomic
def book_by_software(
    *,
    client: ApiClient,
    key: rules.Key,
    wanted: WantedSlot,
    facts: RequestFacts,
    person: dict[str, str],
    now: datetime,
) -> tuple[Appointment, bool]:
    """Register, hold and confirm for a person whose agreement and contact the operator answers for.

    The same key gives the same appointment, and False: nothing is done twice. Raises KeyReused when it came
    with any other fact; then what register_for, hold_slot and confirm_hold raise, and nothing is written.
    """
    booking_key = rules.key_of(client, key.text)
    is_new = is_first_use(client=client, key=key, now=now)
    known = Appointment.objects.filter(idempotency_key=booking_key).first()
    if known is not None:
        if is_new:  # the trace of what it came with is forgotten
            raise KeyReused(KEY_OLD)
        return known, False
    request = register_for(
        organisation_id=client.organisation_id,
        by=None,
        facts=facts,
        key=rules.key_of(client, key.text, "request"),
        now=now,
    )
    beneficiary = _person(client, request, person, now=now)
    hold = hold_slot(
        service_request=request,
        contract=request.contract,
        wanted=wanted,
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
    tell_who(client, "booked", booked, now=now)
    return booked, True


def _person(
    client: ApiClient, request: ServiceRequest, person: dict[str, str], *, now: datetime
) -> Beneficiary:
    """Whom the operator knows by this name and contact, when there is one and only one; else a new person."""
    people = like_caller(people_of(user=rules.SoftwareUser(client)), **person)  # type: ignore[arg-type]  # a software reads as its operator
    if len(people) == 1:
        return attach_known(service_request=request, beneficiary=people[0], by=None, now=now)
    return name_person(service_request=request, by=None, now=now, **person)


@transaction.atomic
def cancel_by_software(
    *, client: ApiClient, key: rules.Key | None, appointment: Appointment, by: str, reason: str, now: datetime
) -> Appointment:
    """Cancel; an appointment cancelled already stays as it is.

    Raises KeyReused when the key came with other facts, AppointmentMoved when another hour stands in its
    place, and what cancel_appointment raises.
    """
    is_first_use(client=client, key=key, now=now)
    one_at_a_time(str(appointment.uuid))
    appointment.refresh_from_db(fields=["state"])
    if appointment.state == AppointmentState.CANCELLED:
        refuse_moved(appointment)
        return appointment
    cancelled = cancel_appointment(appointment=appointment, by=CancelledBy(by), reason=reason, now=now)
    tell_who(client, "cancelled", cancelled, now=now)
    return cancelled


@transaction.atomic
def move_by_software(
    *,
    client: ApiClient,
    key: rules.Key | None,
    appointment: Appointment,
    site: Site,
    starts_at: datetime,
    level: str,
    mode: str,
    now: datetime,
) -> Appointment:
    """Move; the same move sent again gives the same new appointment, while it stands.

    Raises KeyReused when the key came with other facts, and what move_appointment raises: TransitionRefused
    when the new one was cancelled or moved since.
    """
    is_first_use(client=client, key=key, now=now)
    one_at_a_time(str(appointment.uuid))
    moved = Appointment.objects.select_related("site").filter(moved_from=appointment).first()
    if moved is not None and _is_same_move(moved, site, starts_at, level, mode):
        return moved
    moved = move_appointment(
        appointment=appointment, site=site, starts_at=starts_at, level=level, mode=mode, now=now
    )
    tell_who(client, "moved", moved, now=now)
    return moved


@transaction.atomic
def change_level_by_software(
    *, client: ApiClient, key: rules.Key | None, appointment: Appointment, level: str, now: datetime
) -> Appointment:
    """The other level for the same hour; the one it has already changes nothing.

    Raises KeyReused when the key came with other facts, and what change_level raises.
    """
    is_first_use(client=client, key=key, now=now)
    one_at_a_time(str(appointment.uuid))
    former = appointment.level
    changed = change_level(appointment=appointment, level=level, now=now)
    if changed.level != former:
        tell_who(client, "level_changed", changed, now=now)
    return changed


def _is_same_move(moved: Appointment, site: Site, starts_at: datetime, level: str, mode: str) -> bool:
    if moved.state == AppointmentState.CANCELLED:
        return False
    return (moved.site_id, moved.starts_at, moved.level, moved.mode) == (site.pk, starts_at, level, mode)
