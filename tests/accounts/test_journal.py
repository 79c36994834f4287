"""The journal is append-only for a year, then what it says of people's files is forgotten."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from cep_portal.accounts.models import AuditEvent
from cep_portal.accounts.services import forget_journal, record
from tests.clock import machine_now
from tests.factories.accounts import UserFactory

NOW = machine_now()  # the wall reads PostgreSQL's clock, on purpose
OLD, YOUNG = NOW - timedelta(days=367), NOW - timedelta(days=360)


def lines(at, *actions):
    user = UserFactory()
    return [record(action=action, target=user, by=None, now=at) for action in actions]


def refused(statement, *values):
    with (
        pytest.raises(DatabaseError, match="pgtrigger"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)


@pytest.mark.django_db
def test_old_lines_about_people_are_forgotten_and_the_market_keeps_its_own():
    lines(OLD, "operators.pathway.opened", "accounts.user.created", "reporting.regionalpack.opened")
    kept = lines(OLD, "procurement.penalty.notified", "reporting.pack.asked")
    kept += lines(YOUNG, "operators.pathway.opened")

    assert forget_journal(now=NOW) == 3
    assert set(AuditEvent.objects.all()) == set(kept)
    assert forget_journal(now=NOW) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("at", "action"),
    [
        (YOUNG, "operators.pathway.opened"),
        (OLD, "procurement.penalty.notified"),
        (OLD, "reporting.pack.asked"),
    ],
)
def test_the_database_keeps_a_line(at, action):
    [line] = lines(at, action)

    refused("DELETE FROM accounts_auditevent WHERE id = %s", line.pk)


@pytest.mark.django_db
def test_the_database_refuses_to_rewrite_a_line_of_any_age():
    [line] = lines(OLD, "operators.pathway.opened")

    refused("UPDATE accounts_auditevent SET action = 'x' WHERE id = %s", line.pk)
