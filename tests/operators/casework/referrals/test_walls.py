"""What the database refuses about referrals, whatever the code does."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from operators.casework.referrals.models import DoorChange
from tests.factories.referrals import SENT_AT, ReferralDoorFactory, ReferralFactory

pytestmark = pytest.mark.django_db


def run(sql):
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(sql)


@pytest.mark.parametrize(
    ("facts", "wall"),
    [
        ({"consent_wording": ""}, "referral_sent_with_consent"),
        ({"consented_at": SENT_AT.replace(hour=10)}, "referral_sent_with_consent"),
        ({"consented_at": None}, "consented_at"),
    ],
)
def test_nothing_is_sent_without_an_agreement_given_before(facts, wall):
    with pytest.raises(IntegrityError, match=wall), transaction.atomic():
        ReferralFactory(**facts)


@pytest.mark.parametrize(
    ("sql", "constraint"),
    [
        ("UPDATE operators_referral SET state = 'ACCEPTED'", "state_complete"),
        ("UPDATE operators_referral SET state = 'WITHDRAWN'", "state_complete"),
        ("UPDATE operators_referral SET withdrawn_at = '2100-01-01'", "state_complete"),
        (
            "UPDATE operators_referral SET state = 'DONE', answered_at = '2100-01-01', answered_how = 'LINK'",
            "state_complete",
        ),
        ("UPDATE operators_referral SET state = 'REFUSED', answered_at = '2100-01-01'", "answer_has_author"),
        (
            (
                "UPDATE operators_referral"
                " SET state = 'REFUSED', answered_at = '2100-01-01', answered_how = 'ADVISER'"
            ),
            "answer_has_author",
        ),
    ],
)
def test_a_referral_that_contradicts_itself_is_refused(sql, constraint):
    ReferralFactory()

    with pytest.raises(IntegrityError, match=f"referral_{constraint}"):
        run(sql)


def test_one_open_referral_from_a_pathway_to_a_door():
    first = ReferralFactory(accepted=True)

    with pytest.raises(IntegrityError, match="referral_one_open"), transaction.atomic():
        ReferralFactory(pathway=first.pathway, door=first.door)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM operators_referral",
        "UPDATE operators_referral SET consent_wording = 'tout'",
        "UPDATE operators_referral SET consented_at = '2100-01-01'",
        "UPDATE operators_referral SET transmitted = 'plus que convenu'",
        "UPDATE operators_referral SET note = 'plus que convenu'",
        "UPDATE operators_referral SET reason = 'RIGHTS'",
        "DELETE FROM operators_referraldoor",
    ],
)
def test_what_was_agreed_is_never_rewritten(sql):
    ReferralFactory()

    with pytest.raises(ProgrammingError, match="pgtrigger"):
        run(sql)


def test_a_refusal_is_never_taken_back():
    ReferralFactory(refused=True)

    with pytest.raises(ProgrammingError, match="pgtrigger"):
        run("UPDATE operators_referral SET state = 'ACCEPTED'")


def test_a_door_is_reachable_and_there_once():
    door = ReferralDoorFactory(name="Transitions Pro")

    with pytest.raises(IntegrityError, match="referral_door_once"), transaction.atomic():
        ReferralDoorFactory(name="TRANSITIONS PRO")
    with pytest.raises(IntegrityError, match="referral_door_reachable"):
        run(f"UPDATE operators_referraldoor SET email = '' WHERE id = {door.pk}")


@pytest.mark.parametrize(
    "sql", ["UPDATE operators_doorchange SET values = '{}'", "DELETE FROM operators_doorchange"]
)
def test_the_history_of_a_door_is_append_only(sql):
    DoorChange.objects.create(door=ReferralDoorFactory(), changed_at=SENT_AT, values={"name": [None, "A"]})

    with pytest.raises(ProgrammingError, match="pgtrigger"):
        run(sql)
