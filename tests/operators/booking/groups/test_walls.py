"""What the database refuses about group sessions, whatever the code does."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from operators.booking.agenda.models import AdviserTime
from operators.booking.groups.models import GroupPlace, GroupSession
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.groups import GroupPlaceFactory, GroupSessionFactory
from tests.factories.operators import MONDAY_NINE, AdviserFactory, AppointmentFactory
from tests.operators.booking.agenda.clock import at

pytestmark = pytest.mark.django_db
TEN = at("2026-11-30 10:15")


def run(sql):
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(sql)


def refused(constraint):
    return pytest.raises(IntegrityError, match=constraint)


def test_a_place_too_many_is_refused():
    """RDV-SP PR 3168."""
    session = GroupSessionFactory(capacity=2)
    GroupPlaceFactory(session=session, cancelled=True)
    GroupPlaceFactory.create_batch(2, session=session)

    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        GroupPlaceFactory(session=session)

    assert refusal.value.__cause__.diag.constraint_name == "group_place_within_capacity"


def test_capacity_never_goes_below_the_places_taken():
    session = GroupSessionFactory(capacity=5)
    GroupPlaceFactory.create_batch(3, session=session)

    with pytest.raises(IntegrityError) as refusal:
        run("UPDATE operators_groupsession SET capacity = 2")
    run("UPDATE operators_groupsession SET capacity = 3")

    assert refusal.value.__cause__.diag.constraint_name == "group_session_keeps_room"


@pytest.mark.parametrize("over", [{"cancelled": True}, {"state": "HELD"}])
def test_nobody_joins_what_is_over(over):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        GroupPlaceFactory(session=GroupSessionFactory(**over))

    assert refusal.value.__cause__.diag.constraint_name == "group_place_of_open_session"


def test_a_person_has_one_place_in_a_session():
    place = GroupPlaceFactory()

    with refused("group_place_once_a_session"), transaction.atomic():
        GroupPlaceFactory(session=place.session, beneficiary=place.beneficiary)


def test_a_person_is_never_in_two_sessions_at_once():
    place = GroupPlaceFactory()

    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        GroupPlaceFactory(beneficiary=place.beneficiary)
    GroupPlaceFactory(beneficiary=place.beneficiary, session=GroupSessionFactory(starts_at=TEN))

    assert refusal.value.__cause__.diag.constraint_name == "group_place_person_never_twice"


def test_a_person_with_an_appointment_has_no_place_at_that_time():
    booked = AppointmentFactory()

    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        GroupPlaceFactory(beneficiary=booked.beneficiary)
    GroupPlaceFactory(beneficiary=booked.beneficiary, session=GroupSessionFactory(starts_at=TEN))

    assert refusal.value.__cause__.diag.constraint_name == "group_place_person_never_twice"


def test_a_person_with_a_place_has_no_appointment_at_that_time():
    place = GroupPlaceFactory()

    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        AppointmentFactory(beneficiary=place.beneficiary)
    AppointmentFactory(beneficiary=place.beneficiary, starts_at=TEN)

    assert refusal.value.__cause__.diag.constraint_name == "appointment_person_never_twice"


def test_a_session_takes_the_time_of_both_advisers_until_it_is_cancelled():
    session = GroupSessionFactory(second_adviser=AdviserFactory())

    with refused("adviser_time_never_twice"), transaction.atomic():
        AppointmentFactory(adviser=session.second_adviser)
    with refused("adviser_time_never_twice"), transaction.atomic():
        GroupSessionFactory(adviser=session.adviser)
    run("UPDATE operators_groupsession SET state = 'CANCELLED', cancelled_at = '2100-01-01'")

    assert AdviserTime.objects.count() == 0
    assert AppointmentFactory(adviser=session.adviser).starts_at == MONDAY_NINE


@pytest.mark.parametrize(
    ("sql", "refusal"),
    [
        (
            "UPDATE operators_groupsession SET busy_period = tstzrange('2100-01-01', '2100-01-01 01:00+00')",
            "pgtrigger",
        ),
        ("UPDATE operators_groupsession SET capacity = 1", "capacity_sane"),
        ("UPDATE operators_groupsession SET mode = 'PHONE'", "pgtrigger"),
        ("UPDATE operators_groupsession SET state = 'CANCELLED'", "cancel_tells_when"),
        ("UPDATE operators_groupsession SET second_adviser_id = adviser_id", "two_advisers_differ"),
    ],
)
def test_a_session_that_contradicts_itself_is_refused(sql, refusal):
    GroupSessionFactory()

    with pytest.raises((IntegrityError, ProgrammingError), match=refusal):
        run(sql)


@pytest.mark.parametrize(("old", "new"), [("CANCELLED", "OPEN"), ("CANCELLED", "HELD"), ("HELD", "OPEN")])
def test_a_session_that_is_over_never_opens_again(old, new):
    GroupSessionFactory(**({"cancelled": True} if old == "CANCELLED" else {"state": old}))

    with pytest.raises((IntegrityError, ProgrammingError), match="pgtrigger"):
        run(f"UPDATE operators_groupsession SET state = '{new}', cancelled_at = NULL")


def test_a_place_given_back_stays_so():
    GroupPlaceFactory(cancelled=True)

    with pytest.raises(ProgrammingError, match="pgtrigger"):
        run("UPDATE operators_groupplace SET state = 'BOOKED', cancelled_at = NULL, cancelled_by = ''")


def test_a_place_never_changes_its_person():
    GroupPlaceFactory()
    other = BeneficiaryFactory()

    with pytest.raises(ProgrammingError, match="pgtrigger"):
        run(f"UPDATE operators_groupplace SET beneficiary_id = {other.pk}")
    assert (GroupPlace.objects.count(), GroupSession.objects.count()) == (1, 1)
