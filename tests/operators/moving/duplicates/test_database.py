"""What the database refuses whoever writes: twice, chains, rows of nobody, undone twice."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from operators.moving.duplicates.services import undo_merge
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.duplicates import DuplicatePairFactory, twins
from tests.factories.operators import AdviserFactory, CounsellingSessionFactory, PathwayFactory
from tests.operators.moving.duplicates.test_merging import NOW, merge, signed

pytestmark = pytest.mark.django_db
MERGE = "UPDATE beneficiaries_beneficiary SET merged_into_id = %s WHERE id = %s"


def run(sql, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_person_is_merged_once():
    first, other, third = BeneficiaryFactory.create_batch(3)
    run(MERGE, other.pk, first.pk)

    with pytest.raises(IntegrityError, match="merged already"):
        run(MERGE, third.pk, first.pk)


def test_nobody_is_merged_into_themselves():
    person = BeneficiaryFactory()

    with pytest.raises(IntegrityError):
        run(MERGE, person.pk, person.pk)


@pytest.mark.parametrize("swap", [False, True], ids=["chain", "cycle"])
def test_merges_make_no_chain_nor_cycle(swap):
    first, other, third = BeneficiaryFactory.create_batch(3)
    run(MERGE, other.pk, first.pk)

    with pytest.raises(IntegrityError, match="no chain"):
        run(MERGE, first.pk if swap else third.pk, other.pk)


def test_nobody_is_merged_into_a_duplicate():
    first, other, third = BeneficiaryFactory.create_batch(3)
    run(MERGE, other.pk, first.pk)

    with pytest.raises(IntegrityError, match="no chain"):
        run(MERGE, first.pk, third.pk)


@pytest.mark.parametrize("table", ["servicerequest", "pathway"])
def test_row_moves_only_between_the_two_of_a_merge(table):
    pathway = PathwayFactory()
    stranger, twin = BeneficiaryFactory.create_batch(2)
    app = {"servicerequest": "beneficiaries", "pathway": "operators"}[table]
    move = f"UPDATE {app}_{table} SET beneficiary_id = %s"

    with pytest.raises(DatabaseError, match="set once"):
        run(move, stranger.pk)

    run(MERGE, twin.pk, pathway.beneficiary_id)
    run(move, twin.pk)
    run(move, pathway.beneficiary_id)


def test_nothing_new_is_written_for_a_duplicate():
    first, other = BeneficiaryFactory.create_batch(2)
    run(MERGE, other.pk, first.pk)

    with pytest.raises(IntegrityError, match="merged into another"), transaction.atomic():
        ServiceRequestFactory(beneficiary=first)


def test_joined_pathway_holds_no_session_and_stays_closed():
    session = CounsellingSessionFactory()
    joined = PathwayFactory(adviser=session.pathway.adviser)
    with pytest.raises(IntegrityError, match="pathway_joined_is_closed"):
        run("UPDATE operators_pathway SET joined_into_id = %s WHERE id = %s", session.pathway_id, joined.pk)
    run(
        "UPDATE operators_pathway SET joined_into_id = %s, state = 'CLOSED', closed_at = %s WHERE id = %s",
        session.pathway_id,
        NOW,
        joined.pk,
    )

    with pytest.raises(IntegrityError, match="joined into another"):
        run("UPDATE operators_counsellingsession SET pathway_id = %s", joined.pk)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE operators_personmerge SET kept_id = absorbed_id",
        "UPDATE operators_personmerge SET merged_at = merged_at + interval '1 day'",
        "UPDATE operators_personmerge SET undone_at = '2100-01-01'",
        "DELETE FROM operators_personmerge",
        "UPDATE operators_movedrows SET rows = '{}'",
        "DELETE FROM operators_movedrows",
    ],
)
def test_merge_and_its_ledger_stay_as_written(change):
    adviser = AdviserFactory()
    merge(adviser, *twins(adviser))

    with pytest.raises(DatabaseError):
        run(change)


def test_undone_merge_is_not_done_again():
    adviser = AdviserFactory()
    done = merge(adviser, *twins(adviser))
    undo_merge(merge=done, by=signed(adviser), now=NOW)

    with pytest.raises(DatabaseError):
        run("UPDATE operators_personmerge SET undone_at = NULL, undone_by_id = NULL")


@pytest.mark.parametrize(
    "change",
    ["first_id = second_id", "first_id = second_id, second_id = first_id", "decided_at = '2100-01-01'"],
)
def test_pair_is_of_two_people_in_order_and_a_decision_says_who(change):
    DuplicatePairFactory()

    with pytest.raises(IntegrityError):
        run(f"UPDATE operators_duplicatepair SET {change}")
