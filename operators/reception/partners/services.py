from datetime import datetime
from uuid import UUID

from django.db import transaction

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services.guard import lock_person
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from operators.booking.agenda.hooks import Change, Event
from operators.booking.agenda.models import Appointment
from operators.reception.calls.enums import Consent
from operators.reception.calls.services import book_with_consent
from operators.reception.partners.models import PartnerBooking


@transaction.atomic
def book_with_partner(
    *,
    hold: Appointment,
    beneficiary: Beneficiary,
    idempotency_key: UUID,
    by: User,
    now: datetime,
) -> PartnerBooking:
    """Book with the person beside the partner, whose code was just said: that is all they agreed to.

    The same key gives the same booking. Raises what confirm_hold raises; nothing is then written.
    """
    if by.mandate is None or by.mandate.organisation is None:
        raise ValueError("a partner acts for an organisation")
    booked = book_with_consent(
        hold=hold,
        beneficiary=beneficiary,
        idempotency_key=idempotency_key,
        consent=Consent.CODE,
        by=by,
        now=now,
    )
    booking, created = PartnerBooking.objects.get_or_create(
        appointment=booked,
        defaults={
            "present": booked,
            "organisation": by.mandate.organisation,
            "booked_by": by,
            "agreed_at": now,
        },
    )
    if created:
        record(action="operators.partner_booking.agreed", target=booking, by=by, now=now)
    return booking


@transaction.atomic
def share_outcome(*, booking: PartnerBooking, now: datetime) -> PartnerBooking:
    """The person lets the partner know whether they came: from their own page, and never before.

    Withdrawn once, it stays so. Raises FileRestricted.
    """
    if booking.appointment.beneficiary_id is not None:
        lock_person(booking.appointment.beneficiary_id)
    locked = PartnerBooking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
    if locked.outcome_agreed_at is not None:
        return locked
    locked.outcome_agreed_at = now
    locked.save(update_fields=["outcome_agreed_at"])
    record(action="operators.partner_booking.shared", target=locked, by=None, now=now)
    return locked


@transaction.atomic
def withdraw_outcome(*, booking: PartnerBooking, now: datetime) -> PartnerBooking:
    """The person no longer wants the partner to know whether they came; at once, and for good."""
    locked = PartnerBooking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
    if locked.outcome_agreed_at is None or locked.withdrawn_at is not None:
        return locked
    locked.withdrawn_at = now
    locked.save(update_fields=["withdrawn_at"])
    record(action="operators.partner_booking.withdrawn", target=locked, by=None, now=now)
    return locked


def follow(change: Change) -> None:
    """A moved appointment stays the one they booked together."""
    if change.event == Event.MOVED:
        PartnerBooking.objects.filter(present=change.appointment.moved_from_id).update(
            present=change.appointment
        )
