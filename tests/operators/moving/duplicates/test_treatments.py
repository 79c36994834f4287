"""Every column that points at a person says what a merge does with it: nobody is forgotten."""

from django.db.models.deletion import CASCADE

from beneficiaries.request.models import Beneficiary
from cep_portal.common.personal_data import Treatment, columns_to, label, treatment_of


def treatments():
    return {label(column): treatment_of(column) for column in columns_to(Beneficiary)}


def test_hidden_relations_are_seen_too():
    assert "operators.DuplicatePair.first" in {label(column) for column in columns_to(Beneficiary)}


def test_codes_end_and_only_what_goes_with_the_row_stays():
    by_treatment = {
        treatment: {name for name, known in treatments().items() if known == treatment}
        for treatment in Treatment
    }

    assert by_treatment[Treatment.ENDS] == {
        "beneficiaries.ContactCode.beneficiary",
        "beneficiaries.PersonCode.beneficiary",
    }
    assert by_treatment[Treatment.MOVES_IF_NONE] == {"beneficiaries.ContactPreferences.beneficiary"}


def test_column_that_moves_alone_is_not_a_primary_key():
    moving = [column for column in columns_to(Beneficiary) if treatment_of(column) == Treatment.MOVES]

    assert [column for column in moving if column.unique or column.remote_field.on_delete is CASCADE] == []
