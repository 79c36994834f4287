"""What the database itself refuses, whoever writes."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from operators.casework.situations.models import PathwaySituation, Rectification
from operators.casework.situations.reference import (
    CONTRACT_TYPES,
    DIPLOMAS,
    EMPLOYER_SIZES,
    PROFESSIONS,
    SECTORS,
)
from tests.factories.situations import RectificationFactory, SituationFactory

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 2)


def refused(sql, key, table="operators_pathwaysituation"):
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {sql} WHERE id = %s", [key])
    return str(refusal.value)


def test_two_situations_are_never_true_the_same_day():
    first = SituationFactory(starts_on=MARCH, ends_on=date(2026, 5, 4))
    SituationFactory(pathway=first.pathway, starts_on=date(2026, 5, 4))

    with pytest.raises(IntegrityError), transaction.atomic():
        SituationFactory(pathway=first.pathway, starts_on=date(2026, 5, 3), ends_on=date(2026, 5, 4))

    assert "situation_one_a_day" in refused("effective = '[2026-03-02,2026-05-05)'", first.pk)


def test_replaced_situation_leaves_its_days():
    wrong = SituationFactory(starts_on=MARCH)
    wrong.replaced_at = wrong.recorded_at
    wrong.save()

    SituationFactory(pathway=wrong.pathway, starts_on=MARCH)

    assert PathwaySituation.objects.present().count() == 1


@pytest.mark.parametrize(
    "sql",
    [
        "status = 'JOB_SEEKER'",
        "reasons = '{TRAINING}'",
        "profession = '54'",
        "sector = 'NAF2.A'",
        "diploma = '5'",
        "department_id = (SELECT min(code) FROM territories_department)",
        "recorded_at = '2100-01-01'",
        "effective = daterange('2026-03-03', NULL)",
    ],
)
def test_what_was_recorded_stays(sql):
    written = SituationFactory(starts_on=MARCH, diploma="3")

    assert "pgtrigger" in refused(sql, written.pk)


def test_replaced_situation_never_comes_back():
    wrong = SituationFactory(starts_on=MARCH)
    wrong.replaced_at = wrong.recorded_at
    wrong.save()

    assert "pgtrigger" in refused("replaced_at = NULL", wrong.pk)
    assert "pgtrigger" in refused("effective = daterange('2026-03-02', '2026-03-09')", wrong.pk)


def test_situation_is_never_deleted():
    SituationFactory()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM operators_pathwaysituation")


@pytest.mark.parametrize(
    "facts",
    [
        {"reasons": []},
        {"reasons": ["HEALTH"]},
        {"status": "DISABLED_WORKER"},
        {"profession": "71"},
        {"sector": "C"},
        {"diploma": "9"},
        {"employer_size": "NSP"},
        {"contract_type": "DEM"},
        {"starts_on": None},
    ],
)
def test_answer_outside_its_list_is_refused(facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        SituationFactory(**facts)


def test_one_rectification_waits_at_a_time_and_its_answer_is_for_good():
    asked = RectificationFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        RectificationFactory(pathway=asked.pathway)
    with pytest.raises(IntegrityError), transaction.atomic():
        RectificationFactory(parts=["health"])
    table = "operators_rectification"
    assert "rectification_answered_whole" in refused("answer = 'KEPT'", asked.pk, table)
    Rectification.objects.filter(pk=asked.pk).update(
        answer="KEPT", answered_at=asked.asked_at, answered_by=asked.pathway.adviser.user
    )
    assert "pgtrigger" in refused("answer = 'CORRECTED'", asked.pk, table)


@pytest.mark.parametrize(
    ("nomenclature", "count"),
    [(PROFESSIONS, 31), (SECTORS, 21), (DIPLOMAS, 9), (EMPLOYER_SIZES, 6), (CONTRACT_TYPES, 10)],
)
def test_lists_are_whole_and_their_codes_unique(nomenclature, count):
    assert len(nomenclature.codes) == len(set(nomenclature.codes)) == count
    assert all(entry.label and "'" not in entry.label for entry in nomenclature.entries)
