"""One function tells the time of the place; the database refuses a clock that goes back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from cep_portal.training.gateways import clock
from cep_portal.training.models import TrainingPlace
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.training.conftest import NOW

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_place_is_ahead_for_whoever_asks_django(training, place):
    TrainingPlace.objects.update(ahead=WEEK)

    assert clock.refresh() is True

    assert timezone.now() == NOW + WEEK
    assert timezone.localdate().isoformat() == "2026-11-27"


def test_the_advance_is_read_once_then_known(training, place, django_assert_num_queries):
    clock.follow(None)
    with django_assert_num_queries(3):  # a savepoint around one row
        timezone.now()

    with django_assert_num_queries(0):
        timezone.now()


def test_without_a_place_the_clock_is_the_machine_s(training):
    assert (clock.refresh(), timezone.now()) == (False, NOW)


def test_the_time_is_real_in_a_real_portal():
    assert timezone.now.__module__ == "django.utils.timezone"


@pytest.mark.parametrize(
    "change", ["ahead = interval '6 days'", "ahead = interval '0'", "ahead = interval '-1 day'"]
)
def test_database_refuses_a_clock_that_goes_back(place, change):
    TrainingPlace.objects.update(ahead=WEEK)

    with (
        pytest.raises(ProgrammingError, match="only goes forward"),
        transaction.atomic(),
        connection.cursor() as run,
    ):
        run.execute(f"UPDATE training_trainingplace SET {change}")


def test_database_holds_one_place_only(place):
    with pytest.raises(IntegrityError, match="training_place_alone"), transaction.atomic():
        TrainingPlace.objects.create(id=2, opened_at=NOW)


@pytest.mark.parametrize("kind", ["organisation", "person"])
def test_database_refuses_the_mark_beside_anything_real(kind):
    """The wall that keeps a reset away from a real portal, even by hand."""
    if kind == "organisation":
        OrganisationFactory(is_fictional=False)
    else:
        UserFactory(email="camille@exemple.org")

    with (
        pytest.raises(ProgrammingError, match="no training place"),
        transaction.atomic(),
        connection.cursor() as run,
    ):
        run.execute(
            "INSERT INTO training_trainingplace (id, opened_at, ahead, failures)"
            " VALUES (1, '2100-01-01', interval '0', '[]')"
        )


def test_facts_are_dated_by_the_place(place):
    TrainingPlace.objects.update(ahead=WEEK)

    line = connection.connection
    for name in ("now", "ahead"):
        line.execute("SELECT set_config(%s, '', true)", [f"portal.{name}"])

    assert line.execute("SELECT portal_now() - now()").fetchone() == (WEEK,)
