"""Every column that points at a person says what a merge does with it: nobody is forgotten."""

from django.db.models.deletion import CASCADE

from operators.moving.duplicates.enums import Treatment
from operators.moving.duplicates.treatments import TREATMENTS, columns, label


def test_every_foreign_key_to_a_person_has_a_declared_treatment():
    present = {label(column) for column in columns()}

    assert set(TREATMENTS) == present


def test_hidden_relations_are_seen_too():
    assert "operators.DuplicatePair.first" in {label(column) for column in columns()}


def test_codes_end_and_only_what_goes_with_the_row_stays():
    by_treatment = {
        treatment: {name for name, known in TREATMENTS.items() if known == treatment}
        for treatment in Treatment
    }

    assert by_treatment[Treatment.ENDS] == {
        "beneficiaries.ContactCode.beneficiary",
        "beneficiaries.PersonCode.beneficiary",
    }
    assert by_treatment[Treatment.MOVES_IF_NONE] == {"beneficiaries.ContactPreferences.beneficiary"}


def test_column_that_moves_alone_is_not_a_primary_key():
    moving = [column for column in columns() if TREATMENTS[label(column)] == Treatment.MOVES]

    assert [column for column in moving if column.unique or column.remote_field.on_delete is CASCADE] == []
