"""What the tests of bookings do again and again: hold, confirm, book, move, cancel."""

import uuid
from datetime import timedelta

from cep_portal.common.facts import grouped
from operators.booking.agenda import services
from operators.booking.agenda.enums import CancelledBy
from operators.booking.agenda.services import WantedSlot
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.operators import OpeningRuleFactory
from tests.operators.booking.agenda.clock import NOW, at

NINE = at("2026-11-30 09:00")
TEN = NINE + timedelta(minutes=75)


def hold(site, *, starts_at=NINE, service_request=None, contract=None, now=NOW, **choices):
    return services.hold_slot(
        service_request=service_request,
        contract=contract or site.contract,
        now=now,
        **grouped(
            {"site": site, "starts_at": starts_at, "level": "ONE", "mode": "PHONE", **choices},
            wanted=WantedSlot,
        ),
    )


def confirm(held, person, *, key=None, now=NOW):
    return services.confirm_hold(
        appointment=held, beneficiary=person, idempotency_key=key or uuid.uuid4(), now=now
    )


def book(site=None, *, starts_at=NINE, person=None, service_request=None):
    site = site or OpeningRuleFactory().site
    held = hold(site, starts_at=starts_at, service_request=service_request)
    return confirm(held, person or BeneficiaryFactory())


def move(booked, starts_at=TEN, now=NOW):
    return services.move_appointment(
        appointment=booked, site=booked.site, starts_at=starts_at, level="ONE", mode="PHONE", now=now
    )


def cancel(booked, by=CancelledBy.PERSON, now=NOW):
    return services.cancel_appointment(appointment=booked, by=by, now=now)
