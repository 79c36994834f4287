"""Erased or frozen means untouched: every service that is given something of a person refuses.

The services are found from their signatures: a new one that forgets the guard fails here (ADR 0053).
"""

import dataclasses
import inspect
import types
import typing
import uuid
from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import Model

from beneficiaries.request.errors import FileRestricted
from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services.nobody import make_nobody
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.common.errors import DomainError
from operators.booking.agenda.models import Appointment
from operators.exchange.software.rules import Key, trace_of
from operators.network.models import Adviser
from operators.reception.partners.models import PartnerBooking
from tests.access.person_services import PersonService, paths_to_person, person_services
from tests.access.world import build_both
from tests.beneficiaries.rights.people import found_in_base
from tests.clock import present
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.demand import CallBackFactory
from tests.factories.handovers import HandoverFactory
from tests.factories.operators import AdviserFactory

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
CANARY = "canari-rouge-5150"

# Rights that the person keeps over a frozen file (RGPD, article 18): refused once it is erased.
OWN_RIGHTS = {
    "beneficiaries.complaints.write_complaint",
    *(f"beneficiaries.request.{act}" for act in ("set_preferences", "store_attestation")),
    *(f"beneficiaries.rights.{act}" for act in ("send_code", "use_code", "ask_erasure", "erase_by_code")),
    *(f"beneficiaries.rights.{act}" for act in ("ask_export", "ask_email_change", "confirm_email_change")),
    *(f"beneficiaries.rights.{act}" for act in ("rectify_identity", "keep_file")),
}
# What ends something is never refused: it writes no word, and leaves less than before.
ENDS = {
    "beneficiaries.rights.erase_person": "a second erasure changes nothing",
    "booking.agenda.cancel_appointment": "done by the freezing itself",
    "booking.agenda.decline_replacement": "gives the hour back",
    "booking.agenda.release_hold": "gives the hour back",
    "booking.demand.decline_offer": "gives the place back",
    "booking.demand.drop_call_back": "no call is owed",
    "booking.demand.end_by_booking": "no call is owed; the person is locked by the booking",
    "booking.demand.leave_waiting_list": "gives the place back",
    "booking.demand.stop_earlier": "takes an alert away",
    "booking.groups.cancel_place": "gives the place back",
    "casework.referrals.withdraw_referral": "the agreement is taken back",
    "casework.summaries.revoke_share": "a link is closed",
    "casework.summaries.revoke_shares": "links are closed",
    "exchange.software.cancel_by_software": "as cancel_appointment",
    "moving.handovers.take_back": "a loan ends by the clock",
    "moving.transfers.withdraw_transfer": "nothing leaves",
    "reception.partners.withdraw_outcome": "the agreement is taken back",
}
# What others call under the guard they took, or that writes nothing of the person.
INNER = {
    "beneficiaries.complaints.answer_complaint": "its own file: test_an_erased_complaint_takes_no_word",
    "beneficiaries.complaints.contest_answer": "a date of its own file",
    "beneficiaries.complaints.note_told": "a date of its own file",
    "beneficiaries.request.confirm_contact_code": "the person it proves is locked by _proved",
    "beneficiaries.request.hold_request": "the session",
    "beneficiaries.request.identify_by_code": "as confirm_contact_code",
    "beneficiaries.request.known_or_new_person": "as confirm_contact_code",
    "beneficiaries.request.mark_scheduled": "called by bookings",
    "beneficiaries.request.mark_served": "called by logs",
    "beneficiaries.request.mark_unscheduled": "called by cancellations",
    "beneficiaries.request.prove_contact": "False for an erased one: tests/beneficiaries/test_contact.py",
    "beneficiaries.request.prove_request": "the session",
    "beneficiaries.request.send_proof_code": "a code to the contact already proved; none once erased",
    "beneficiaries.request.forget_here": "the session",
    "beneficiaries.request.write_here": "what is under way has no person; what is written is given back",
    "beneficiaries.request.write_request": "as write_here",
    "beneficiaries.request.tell_person": "writes to nobody once erased",
    "beneficiaries.rights.build_archive": "reads",
    "beneficiaries.rights.lift_restriction": "nothing to lift once erased",
    "beneficiaries.rights.restrict_file": "the freezing itself; refused once erased, below",
    "booking.agenda.tell_followers": "called by bookings",
    "booking.demand.record_unmet": "a fact without a person",
    "casework.pathways.check_session": "reads",
    "casework.notes.record_reading": "the journal of who read",
    "moving.duplicates.join_pathways": "called by merge_people",
    "moving.duplicates.move_rows": "called by merge_people",
    "moving.duplicates.part_contacts": "called by undo_merge",
    "moving.duplicates.settle_contacts": "called by merge_people",
    "moving.duplicates.unite_accounts": "called by merge_people",
    "moving.transfers.collect": "reads",
    "moving.transfers.put_situation": "called by receive_transfer",
    "moving.transfers.put_summary": "called by receive_transfer",
    "moving.transfers.put_file": "called by receive_transfer",
    "moving.transfers.put_notes": "called by receive_transfer",
    "moving.transfers.put_plan": "called by receive_transfer",
    "moving.transfers.restore": "called by receive_transfer",
}
# They say it in their own words.
OTHER_WORDS = {"merge_people": "PersonNotVisible", "undo_merge": "PersonErased PersonNotVisible"}
OTHER_WORDS |= {"say_apart": "PersonNotVisible"}
SERVICES = {service.name: service for service in person_services()}
GUARDED = sorted(SERVICES.keys() - OWN_RIGHTS - ENDS.keys() - INNER.keys())


@pytest.fixture(scope="module")
def side(django_db_setup, django_db_blocker, tmp_path_factory):
    from django.test import override_settings

    folder = override_settings(PORTAL_DATA_DIR=str(tmp_path_factory.mktemp("untouched")))
    with folder, django_db_blocker.unblock(), transaction.atomic():
        here, _ = build_both()
        HandoverFactory()
        CallBackFactory(service_request__beneficiary=BeneficiaryFactory())
        _book_with_partner(here.people[Role.PARTNER])
        yield here
        transaction.set_rollback(True)


def _book_with_partner(partner: User) -> None:
    booked = Appointment.objects.filter(beneficiary__isnull=False, state="BOOKED").first()
    PartnerBooking.objects.create(
        appointment=booked,
        present=booked,
        organisation=partner.mandates.get().organisation,
        booked_by=partner,
        agreed_at=present(),
    )


@pytest.fixture
def everybody(side):
    """« frozen » or « erased » for every person of the world, until the end of the test."""
    undo = transaction.atomic()
    undo._from_testcase = True  # a durable transaction may open inside, as in any test
    with undo:
        yield {"frozen": _freeze, "erased": _erase}
        transaction.set_rollback(True)


def _freeze() -> None:
    Beneficiary.objects.update(restricted_at=present())


def _erase() -> None:
    """The identity alone: the rows that a tab left open, or a task, still points at are there."""
    for key in Beneficiary.objects.values_list("pk", flat=True):
        make_nobody(key, present())


def arguments(service: PersonService, side) -> dict:
    return {
        parameter.name: value(service, parameter, hint, side)
        for parameter, hint in service.parameters()
        if parameter.kind is not parameter.VAR_KEYWORD
        and (parameter.default is parameter.empty or parameter.name in service.person_arguments)
    }


def value(service: PersonService, parameter: inspect.Parameter, hint, side):
    if parameter.name in service.person_arguments:
        row = somebody_s(service.person_arguments[parameter.name])
        return row if hint_is_model(hint) else [row]
    if hint is str and parameter.name in ("by", "who"):
        return "PERSON"
    if hint is str and parameter.name == "reason":
        return ""
    if parameter.name == "colleague":
        return AdviserFactory(site=plain_value(Adviser, side).site)
    return plain_value(hint, side)


def hint_is_model(hint) -> bool:
    return isinstance(hint, (type, types.UnionType))


def somebody_s(model: type[Model]) -> Model:
    """A row of this model that leads to a person: the world must have one."""
    path = paths_to_person()[model]
    rows = model._default_manager.all() if not path else model._default_manager.exclude(**{path: None})
    if model is Appointment:
        rows = rows.filter(service_request__isnull=False)
    row = rows.order_by("pk").first()
    assert row is not None, f"no {model.__name__} of a person in tests/access/world.py"
    return row


def plain_value(hint, side):
    """Any value of this type: the guard comes before anything looks at it."""
    own = side.people[Role.ADVISER]
    own.mandate = own.mandates.first()
    known = {
        str: CANARY,
        bool: True,
        int: 1,
        bytes: b"x",
        datetime: present(),
        date: present().date(),
        uuid.UUID: uuid.uuid4(),
        User: own,
        Adviser: Adviser.objects.get(user=own),
        SessionBase: {},
        Key: Key(str(uuid.uuid4()), trace_of(uuid.uuid4())),
    }
    if typing.get_origin(hint) is Callable:
        return lambda *_: None
    parts = [part for part in typing.get_args(hint) if part is not type(None)] or [hint]
    first = typing.get_origin(parts[0]) or parts[0]
    if first in known:
        return known[first]
    if isinstance(first, type) and issubclass(first, Model):
        return first._default_manager.order_by("pk").first()
    if dataclasses.is_dataclass(first):
        hints = typing.get_type_hints(first)
        names = [field.name for field in dataclasses.fields(first)]
        return first(**{name: plain_value(hints[name], side) for name in names})
    if typing.get_origin(hint) is not None:
        return []
    return object()


def refusal(service: PersonService, side) -> str:
    try:
        service.call(**arguments(service, side))
    except DomainError as refused:
        return "FileRestricted" if isinstance(refused, FileRestricted) else type(refused).__name__
    return "done"


@pytest.mark.parametrize("state", ["frozen", "erased"])
@pytest.mark.parametrize("name", GUARDED)
def test_a_service_refuses_an_erased_and_a_frozen_file(side, everybody, name, state):
    service = SERVICES[name]
    everybody[state]()

    words = OTHER_WORDS.get(name.rpartition(".")[2], "FileRestricted")

    assert refusal(service, side) in words.split()


@pytest.mark.parametrize("name", [*sorted(OWN_RIGHTS), "beneficiaries.rights.restrict_file"])
def test_even_an_own_right_ends_with_the_erasure(side, everybody, name):
    everybody["erased"]()

    assert refusal(SERVICES[name], side) == "FileRestricted"


@pytest.mark.parametrize("name", sorted(ENDS))
def test_what_ends_something_writes_no_word_of_an_erased_person(side, everybody, name):
    everybody["erased"]()

    refusal(SERVICES[name], side)

    assert found_in_base(CANARY) == []


def test_each_exception_still_exists_and_stands_in_one_list():
    exceptions = [*OWN_RIGHTS, *ENDS, *INNER]

    assert set(exceptions) - SERVICES.keys() == set()
    assert len(exceptions) == len(set(exceptions))


def test_a_new_service_would_be_found():
    """What the walk reads: the services of plans and of summaries, that once forgot the guard."""
    assert {"casework.plans.write_action", "casework.summaries.start_summary"} <= set(GUARDED)
    assert "casework.pathways.close_pathway" in GUARDED
    assert len(SERVICES) > 120
