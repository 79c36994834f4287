"""What the database refuses about requests to open slots, whatever the code does."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from operators.booking.supervision.models import OpeningRequest
from tests.factories.procurement import ContractFactory
from tests.factories.supervision import OpeningRequestFactory

pytestmark = pytest.mark.django_db


def run(sql):
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(sql)


@pytest.mark.parametrize("with_site", [True, False])
def test_one_live_request_a_place_a_level_and_a_mode(with_site):
    place = {} if with_site else {"site": None, "contract": ContractFactory()}
    first = OpeningRequestFactory(**place)

    with pytest.raises(IntegrityError, match="opening_request_one_live"), transaction.atomic():
        OpeningRequestFactory(contract=first.contract, site=first.site)
    OpeningRequestFactory(contract=first.contract, site=first.site, mode="VIDEO")
    OpeningRequestFactory(contract=first.contract, site=first.site, met=True)

    assert OpeningRequest.objects.count() == 3


@pytest.mark.parametrize(
    ("sql", "constraint"),
    [
        ("UPDATE operators_openingrequest SET free = waiting", "asks_for_some"),
        ("UPDATE operators_openingrequest SET state = 'MET', closed_at = '2100-01-01'", "asks_for_some"),
        ("UPDATE operators_openingrequest SET state = 'CLOSED', closed_at = '2100-01-01'", "end_tells_who"),
        ("UPDATE operators_openingrequest SET reason = 'CALLED'", "end_tells_who"),
    ],
)
def test_a_request_that_contradicts_itself_is_refused(sql, constraint):
    OpeningRequestFactory()

    with pytest.raises(IntegrityError, match=f"opening_request_{constraint}"):
        run(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM operators_openingrequest",
        "UPDATE operators_openingrequest SET mode = 'VIDEO'",
        "UPDATE operators_openingrequest SET asked_at = '2100-01-01'",
    ],
)
def test_what_was_asked_is_never_rewritten(sql):
    OpeningRequestFactory()

    with pytest.raises(ProgrammingError, match="pgtrigger"):
        run(sql)


@pytest.mark.parametrize("end", ["met", "closed"])
def test_a_request_that_is_over_never_changes(end):
    OpeningRequestFactory(**{end: True})

    with pytest.raises(ProgrammingError, match="pgtrigger"):
        run("UPDATE operators_openingrequest SET waiting = waiting + 5")


def test_missing_is_what_waits_less_what_is_free():
    assert OpeningRequestFactory(waiting=7, free=3).missing == 4
