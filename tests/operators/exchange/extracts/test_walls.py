"""What the database refuses whatever the code says."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.utils import NotSupportedError, ProgrammingError

from operators.exchange.extracts.models import Extract
from tests.factories.accounts import UserFactory
from tests.factories.extracts import NOW, ExtractFactory, ready_extract

pytestmark = pytest.mark.django_db
REFUSED = (IntegrityError, InternalError, NotSupportedError, ProgrammingError)


def change(extract, **columns):
    named = ", ".join(f"{name} = %s" for name in columns)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE operators_extract SET {named} WHERE id = %s", [*columns.values(), extract.pk])


def judged(**columns):
    return {"state": "GRANTED", "judged_at": NOW, "judged_as": "CONTRACT_MANAGER", **columns}


def test_nobody_judges_the_own_request():
    extract = ExtractFactory()

    with pytest.raises(IntegrityError, match="extract_never_judged_by_asker"):
        change(extract, **judged(judged_by_id=extract.asked_by_id))


def test_file_about_people_is_judged_outside_the_operator():
    extract, other = ExtractFactory(kind="SESSIONS"), UserFactory()

    with pytest.raises(IntegrityError, match="extract_about_people_judged_outside"):
        change(extract, **judged(judged_by_id=other.pk, judged_as="OPERATOR_MANAGER"))

    change(extract, **judged(judged_by_id=other.pk))


@pytest.mark.parametrize("missing", [{"judged_at": None}, {"judged_by_id": None}, {"judged_as": ""}])
def test_answer_tells_who_when_and_as_what(missing):
    with pytest.raises(IntegrityError, match="extract_judged_completely"):
        change(ExtractFactory(), **{**judged(judged_by_id=UserFactory().pk), **missing})


def test_refusal_tells_why():
    with pytest.raises(IntegrityError, match="extract_refusal_tells_why"):
        change(ExtractFactory(), **judged(judged_by_id=UserFactory().pk, state="REFUSED"))


def test_period_is_a_year_at_most():
    last = date(2026, 11, 22)

    with pytest.raises(IntegrityError, match="extract_a_year_at_most"), transaction.atomic():
        ExtractFactory(starts_on=last - timedelta(days=366))
    with pytest.raises(IntegrityError, match="extract_a_year_at_most"), transaction.atomic():
        ExtractFactory(starts_on=last + timedelta(days=1))

    assert ExtractFactory(starts_on=last - timedelta(days=365)).pk


def test_file_lives_two_days_at_most(asker, colleague):
    extract = ready_extract(asked_by=asker, judged_by=colleague)

    with pytest.raises(IntegrityError, match="extract_file_lives_two_days"):
        change(extract, expires_at=NOW + timedelta(hours=48, microseconds=1))


def test_file_over_has_no_place(asker, colleague):
    extract = ready_extract(asked_by=asker, judged_by=colleague)

    with pytest.raises(IntegrityError, match="extract_file_only_when_ready"):
        change(extract, state="OVER")


def test_request_never_changes_nor_goes():
    extract = ExtractFactory()

    for changed in ({"purpose": "Autre chose."}, {"kind": "SESSIONS"}, {"ends_on": "2026-11-10"}):
        with pytest.raises(REFUSED):
            change(extract, **changed)
    with pytest.raises(REFUSED), transaction.atomic():
        Extract.objects.filter(pk=extract.pk).delete()


def test_the_same_request_waits_once():
    extract = ExtractFactory()

    with pytest.raises(IntegrityError, match="extract_asked_once"), transaction.atomic():
        ExtractFactory(organisation=extract.organisation, asked_by=extract.asked_by)
