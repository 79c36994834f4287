"""What the database refuses of closings, whoever writes: raw SQL, no service."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from cep_portal.accounts.enums import Role
from cep_portal.documents.services import issue_document
from reporting.closings import services
from tests.factories.accounts import MandateFactory
from tests.factories.closings import ClosingFactory
from tests.reporting.closings.conftest import DURING_CONTEST, second_mandate


def refuses(wall, sql, *values):
    with pytest.raises(DatabaseError, match=wall), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.parametrize(
    ("sql", "wall"),
    [
        ("UPDATE reporting_closing SET output_sha256 = repeat('0', 64) WHERE id = %s", "frozen_is_final"),
        (
            "UPDATE reporting_closing SET state = 'CONTESTED' WHERE id = %s",
            "state_follows_table|frozen_is_final",
        ),
        ("DELETE FROM reporting_closing WHERE id = %s", "never_deleted"),
        ("UPDATE reporting_frozenvalue SET numerator = 4 WHERE closing_id = %s", "append_only"),
        ("DELETE FROM reporting_frozenvalue WHERE closing_id = %s", "append_only"),
        (
            (
                "INSERT INTO reporting_frozenvalue (uuid, closing_id, kpi, definition_version, month,"
                " numerator, excluded, value, status, sha256)"
                " VALUES (gen_random_uuid(), %s, 'more', 1, '2026-10-01', 1, '{}', 1, 'OK', '')"
            ),
            "closing_is_frozen",
        ),
        (
            (
                "UPDATE documents_storeddocument SET sha256 = repeat('0', 64)"
                " WHERE id = (SELECT evidence_id FROM reporting_closing WHERE id = %s)"
            ),
            "append_only",
        ),
    ],
)
def test_nothing_of_a_frozen_month_changes(frozen, sql, wall):
    refuses(wall, sql, frozen.pk)


@pytest.mark.parametrize("field", ["provisional_on", "contest_until", "freeze_from"])
def test_clock_of_a_month_never_moves(october, field):
    refuses("clock_fixed", f"UPDATE reporting_closing SET {field} = {field} + 1 WHERE id = %s", october.pk)


def test_month_is_open_once(october):
    refuses(
        "closing_open_once",
        "INSERT INTO reporting_closing (uuid, contract_id, month, number, state, opened_at, provisional_on,"
        " contest_until, freeze_from, supersedes_id, input_sha256, output_sha256, previous_sha256)"
        " SELECT gen_random_uuid(), contract_id, month, 2, state, opened_at, provisional_on, contest_until,"
        " freeze_from, id, '', '', '' FROM reporting_closing WHERE id = %s",
        october.pk,
    )


def test_dispute_is_raised_in_time(contested, people):
    refuses(
        "raised_in_time",
        "INSERT INTO reporting_datadispute (uuid, closing_id, kpi, words, raised_at, raised_under_id,"
        " outcome, answer)"
        " VALUES (gen_random_uuid(), %s, 'entries', 'Faux.', %s, %s, '', '')",
        contested.pk,
        DURING_CONTEST,
        people[Role.OPERATOR_MANAGER].mandate.pk,
    )


def test_who_answers_is_another_person_than_who_contests(provisional, people):
    holder = people[Role.OPERATOR_MANAGER]
    dispute = services.raise_dispute(
        closing=provisional, kpi="entries", words="Faux.", by=holder, now=DURING_CONTEST
    )

    refuses(
        "by_two_people",
        "UPDATE reporting_datadispute SET outcome = 'ACCEPTED', answer = 'Oui.',"
        " answered_at = '2026-11-24 10:00+01', answered_under_id = %s WHERE id = %s",
        second_mandate(holder, Role.CONTRACT_MANAGER).pk,
        dispute.pk,
    )


FREEZE = (
    "UPDATE reporting_closing SET state = 'FROZEN', frozen_at = '2026-12-01 10:00+01',"
    " known_at = '2026-11-24 10:00+01', frozen_under_id = %s,"
    " evidence_id = (SELECT max(id) FROM documents_storeddocument),"
    " input_sha256 = repeat('0', 64), output_sha256 = repeat('0', 64) WHERE id = %s"
)


def test_who_instructs_does_not_freeze_and_each_dispute_is_answered(provisional, people):
    manager = people[Role.CONTRACT_MANAGER]
    dispute = services.raise_dispute(
        closing=provisional,
        kpi="entries",
        words="Faux.",
        by=people[Role.OPERATOR_MANAGER],
        now=DURING_CONTEST,
    )
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reporting_closing SET state = 'CONTESTED' WHERE id = %s", [provisional.pk])
    refuses("frozen_once_answered", FREEZE, MandateFactory(role=Role.ANALYST).pk, provisional.pk)

    services.answer_dispute(
        dispute=dispute, outcome="REJECTED", answer="Non.", by=manager, now=DURING_CONTEST
    )

    refuses("frozen_by_another_person", FREEZE, second_mandate(manager, Role.ANALYST).pk, provisional.pk)


def test_month_never_freezes_before_its_day(contested, people):
    early = FREEZE.replace("2026-12-01", "2026-11-29")

    refuses("closing_frozen", early, people[Role.ANALYST].mandate.pk, contested.pk)


def test_no_day_of_a_frozen_month_is_neutralised(frozen, people):
    refuses(
        "never_in_a_frozen_month",
        "INSERT INTO reporting_neutralisation (uuid, contract_id, first_day, last_day, reason, words,"
        " proposed_at, proposed_under_id, outcome, reasons)"
        " VALUES (gen_random_uuid(), %s, '2026-10-31', '2026-10-31', 'OUTAGE', 'Panne.',"
        " '2026-11-24 10:00+01', %s, '', '')",
        frozen.contract_id,
        people[Role.CONTRACT_MANAGER].mandate.pk,
    )


def test_chain_of_a_contract_never_forks(frozen, people):
    """Two months frozen at once would both follow the same one."""
    document = issue_document(
        kind="closing_evidence", title="Preuves", file_name="p.csv.gz", content=b"", now=DURING_CONTEST
    )
    later = ClosingFactory(contract=frozen.contract, month=date(2026, 7, 1))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reporting_closing SET state = 'CONTESTED' WHERE id = %s", [later.pk])
    refuses(
        "closing_chain_never_forks",
        FREEZE.replace("frozen_under_id", "previous_sha256 = %s, frozen_under_id").replace(
            "(SELECT max(id) FROM documents_storeddocument)", "%s"
        ),
        frozen.previous_sha256,
        people[Role.ANALYST].mandate.pk,
        document.pk,
        later.pk,
    )


def test_days_of_two_months_are_two_neutralisations(october, people):
    refuses(
        "neutralisation_in_a_month",
        "INSERT INTO reporting_neutralisation (uuid, contract_id, first_day, last_day, reason, words,"
        " proposed_at, proposed_under_id, outcome, reasons)"
        " VALUES (gen_random_uuid(), %s, '2026-10-31', '2026-11-01', 'OUTAGE', 'Panne.',"
        " '2026-11-24 10:00+01', %s, '', '')",
        october.contract_id,
        people[Role.CONTRACT_MANAGER].mandate.pk,
    )
