"""What the database refuses about transfers, whatever the code does."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from operators.moving.transfers.models import Transfer, TransferItem
from tests.factories.operators import AdviserFactory, CounsellingSessionFactory, PathwayFactory
from tests.factories.transfers import consented, prepared, received, sent

pytestmark = pytest.mark.django_db


def run(sql):
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(sql)


def test_one_open_transfer_a_pathway(pathway):
    transfer = prepared(pathway=pathway)
    copy = Transfer.objects.get(pk=transfer.pk)
    copy.pk, copy.uuid = None, "6f9619ff-8b86-d011-b42d-00cf4fc964ff"

    with pytest.raises(IntegrityError, match="transfer_one_open"), transaction.atomic():
        copy.save(force_insert=True)


@pytest.mark.parametrize(
    ("sql", "wall"),
    [
        ("SET state = 'CONSENTED'", "nothing_without_consent"),
        ("SET state = 'CONSENTED', consented_at = '2100-01-01'", "consent_whole"),
        ("SET consent_wording = 'oui', consent_version = 1, consent_way = 'LINK'", "consent_whole"),
        ("SET sent_by_id = prepared_by_id", "sent_after_consent"),
        ("SET state = 'WITHDRAWN'", "state_ended"),
        ("SET state = 'WITHDRAWN', ended_at = '2100-01-01'", "state_ended"),
        ("SET state = 'EXPIRED'", "state_ended"),
        ("SET state = 'EXPIRED', ended_at = '2020-01-01'", "state_ended"),
        ("SET refusal = 'NOT_HERE'", "state_answered"),
    ],
)
def test_a_transfer_that_contradicts_itself_is_refused(pathway, sql, wall):
    prepared(pathway=pathway)

    with pytest.raises(IntegrityError, match=f"transfer_{wall}"):
        run(f"UPDATE operators_transfer {sql}")


@pytest.mark.parametrize(
    ("sql", "wall"),
    [
        ("SET state = 'REFUSED'", "state_answered"),
        ("SET state = 'REFUSED', refusal = 'NOT_HERE'", "state_answered"),
        ("SET state = 'REFUSED', refusal = 'NOT_HERE', answered_at = '2100-01-01'", "state_answered"),
        ("SET sent_at = NULL", "sent_after_consent|state_sent"),
        ("SET answered_at = '2100-01-01'", "state_answered"),
    ],
)
def test_an_answer_says_which_of_whom_and_when(pathway, sql, wall):
    sent(pathway=pathway)

    with pytest.raises(IntegrityError, match=f"transfer_({wall})"):
        run(f"UPDATE operators_transfer {sql}")


@pytest.mark.parametrize("start", ["CONSENTED", "SENT", "RECEIVED"])
def test_a_transfer_begins_prepared(pathway, start):
    copy = Transfer.objects.get(pk=prepared(pathway=pathway).pk)
    copy.pk, copy.uuid = None, "6f9619ff-8b86-d011-b42d-00cf4fc964ff"
    copy.state, copy.pathway = start, PathwayFactory()

    with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
        copy.save(force_insert=True)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE operators_transfer SET state = 'RECEIVED'",
        "UPDATE operators_transfer SET state = 'SENT'",
        "UPDATE operators_transfer SET inventory_sha256 = repeat('0', 64)",
        "UPDATE operators_transfer SET contract_id = contract_id + 1",
        "UPDATE operators_transfer SET expires_at = expires_at + interval '1 year'",
        "DELETE FROM operators_transfer",
    ],
)
def test_what_was_shown_stands_and_no_step_is_skipped(pathway, sql):
    prepared(pathway=pathway)

    with pytest.raises((ProgrammingError, IntegrityError), match=r"pgtrigger|received_by_whom"):
        run(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE operators_transfer SET consented_at = '2100-01-01'",
        "UPDATE operators_transfer SET consent_wording = 'tout'",
        "UPDATE operators_transfer SET consent_version = 2",
        'UPDATE operators_transferitem SET content = \'{"lines": ["plus"]}\'',
        "UPDATE operators_transferitem SET title = 'plus'",
        "UPDATE operators_transferitem SET sha256 = repeat('0', 64)",
        "UPDATE operators_transferitem SET kind = 'PLAN'",
        "DELETE FROM operators_transferitem",
    ],
)
def test_what_was_agreed_is_never_rewritten(pathway, sql):
    CounsellingSessionFactory(pathway=pathway)
    consented(pathway=pathway)

    with pytest.raises(ProgrammingError, match="pgtrigger"):
        run(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE operators_transferitem SET is_agreed = true",
        (
            "INSERT INTO operators_transferitem (transfer_id, kind, position, title, content, sha256)"
            " SELECT transfer_id, 'PLAN', 9, 'Plan', '{}', sha256 FROM operators_transferitem"
        ),
    ],
)
def test_an_inventory_agreed_to_is_closed(pathway, sql):
    CounsellingSessionFactory(pathway=pathway)
    consented(pathway=pathway, agreed=())

    with pytest.raises(IntegrityError, match="fixed_once_answered"):
        run(sql)


def test_erasure_alone_blanks_the_words(pathway):
    CounsellingSessionFactory(pathway=pathway)
    consented(pathway=pathway)

    run("UPDATE operators_transferitem SET title = '', content = '{}'")

    assert TransferItem.objects.get().content == {}


def test_a_transfer_is_received_by_whom_it_was_for(pathway):
    sent(pathway=pathway)
    other = PathwayFactory(beneficiary=pathway.beneficiary, adviser=AdviserFactory())

    with pytest.raises(IntegrityError, match="received_by_whom_it_was_for"):
        run(
            "UPDATE operators_transfer SET state = 'RECEIVED', answered_at = '2100-01-01',"
            f" answered_by_id = sent_by_id, received_in_id = {other.pk}, received_by_id = {other.adviser_id}"
        )


def test_what_was_received_is_never_refused_afterwards(pathway, receiver):
    received(pathway=pathway, adviser=receiver)

    with pytest.raises(ProgrammingError, match="pgtrigger"):
        run("UPDATE operators_transfer SET state = 'REFUSED'")


def test_a_pathway_never_continues_itself(pathway):
    with pytest.raises(IntegrityError, match="pathway_continues_another"):
        run(f"UPDATE operators_pathway SET continues_id = id WHERE id = {pathway.pk}")
