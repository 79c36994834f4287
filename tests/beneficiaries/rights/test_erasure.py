"""Erasure: nobody is named any more, no figure moves, no backup brings anybody back."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from beneficiaries.request.errors import CodeUsed, CodeWrong
from beneficiaries.request.models import Beneficiary
from beneficiaries.rights import services
from beneficiaries.rights.models import Erasure, PersonCode
from beneficiaries.rights.services.erasure import journal_path
from cep_portal.accounts.models import AuditEvent
from cep_portal.documents.services import file_exists
from cep_portal.messaging.enums import MessageState
from cep_portal.messaging.models import Message
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.errors import TooLateToChange
from operators.booking.agenda.models import Appointment
from reporting.kpis.models import KpiValue
from reporting.kpis.services import compute_indicators
from tests.beneficiaries.rights.people import CANARIES, NOW, found_in_base, somebody
from tests.beneficiaries.test_request_services import wrong

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.PORTAL_DATA_DIR = str(tmp_path)


def code_sent(person_code) -> str:
    body = Message.objects.get(key=f"person-code:{person_code.uuid}").body
    return next(line for line in body.splitlines() if line.isdigit())


def erase(person, *, now=NOW):
    return services.erase_person(beneficiary=person.row, now=now, by=person.user)


def test_nothing_of_the_person_is_left_in_any_table_or_file(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        person = somebody(coming=NOW + timedelta(days=7))
    person.request.refresh_from_db()
    assert len(found_in_base(*CANARIES[:3])) > 5

    with django_capture_on_commit_callbacks(execute=True):
        erase(person)

    assert found_in_base(*CANARIES) == []
    assert not file_exists(person.request.attestation)
    kept = [path.read_text() for path in Path(journal_path().parent).rglob("*") if path.is_file()]
    assert [text for text in kept if CANARIES[0] in text] == []


def test_figures_do_not_move_to_the_unit():
    """RDV-SP 2345, 2441, RDV-I 1374, 2290, 2937: figures fall when people are purged."""
    person = somebody()
    somebody_else = somebody_like(person)
    before = figures()

    erase(person)

    assert figures() == before != []
    somebody_else.refresh_from_db()
    assert somebody_else.first_name == "Dominique"


def somebody_like(person):
    from tests.factories.beneficiaries import BeneficiaryFactory
    from tests.factories.operators import CounsellingSessionFactory, PathwayFactory

    other = BeneficiaryFactory()
    CounsellingSessionFactory(pathway=PathwayFactory(adviser=person.pathway.adviser, beneficiary=other))
    return other


def figures():
    run = compute_indicators(known_at=NOW, now=NOW)
    return sorted(
        KpiValue.objects.filter(run=run).values_list(
            "kpi", "contract", "region", "period_kind", "period_starts_on", "numerator", "denominator"
        )
    )


def test_coming_slots_are_freed_and_messages_not_sent_are_withdrawn():
    person = somebody(coming=NOW + timedelta(days=7))

    erase(person)

    states = Appointment.objects.filter(beneficiary=person.row).values_list("state", flat=True)
    assert sorted(states) == [AppointmentState.ATTENDED, AppointmentState.CANCELLED]
    assert set(Message.objects.values_list("state", "body")) == {(MessageState.CANCELLED, "")}


def test_erasure_waits_for_an_appointment_too_near_to_be_cancelled():
    person = somebody(coming=NOW + timedelta(minutes=30))

    with pytest.raises(TooLateToChange, match="commence bientôt"):
        erase(person)

    person.row.refresh_from_db()
    assert person.row.first_name == CANARIES[0]


@pytest.mark.parametrize("act", [services.erase_person, services.restrict_file])
def test_file_whose_session_is_under_way_is_neither_erased_nor_frozen(act):
    person = somebody(coming=NOW - timedelta(minutes=20))

    with pytest.raises(TooLateToChange, match="commence bientôt"):
        act(beneficiary=person.row, now=NOW, by=person.user)

    person.row.refresh_from_db()
    assert (person.row.first_name, person.row.restricted_at) == (CANARIES[0], None)


def test_session_under_way_stands_when_the_erasure_is_compulsory():
    person = somebody(coming=NOW - timedelta(minutes=20))

    services.erase_person(beneficiary=person.row, now=NOW, by=None, is_compulsory=True)

    states = Appointment.objects.filter(beneficiary=person.row).values_list("state", flat=True)
    assert sorted(states) == [AppointmentState.ATTENDED, AppointmentState.BOOKED]


def test_erasing_twice_changes_nothing_more():
    person = somebody()

    first, second = erase(person), erase(person, now=NOW + timedelta(days=1))

    person.row.refresh_from_db()
    assert first == second
    assert (first.erased_at, person.row.erased_at) == (NOW, NOW)
    assert AuditEvent.objects.filter(action="beneficiaries.person.erased").count() == 1


def test_the_code_erases_and_a_wrong_one_does_not():
    person = somebody()
    person_code = services.ask_erasure(beneficiary=person.row, now=NOW)
    code = code_sent(person_code)

    with pytest.raises(CodeWrong, match="4 essais"):
        services.erase_by_code(person_code=person_code, code=wrong(code), now=NOW, by=person.user)
    services.erase_by_code(person_code=person_code, code=code, now=NOW, by=person.user)

    assert Erasure.objects.get().person_uuid == person.row.uuid
    assert not PersonCode.objects.exists()


def test_a_refused_erasure_leaves_its_code_usable():
    person = somebody(coming=NOW + timedelta(minutes=30))
    person_code = services.ask_erasure(beneficiary=person.row, now=NOW)
    code = code_sent(person_code)

    with pytest.raises(TooLateToChange):
        services.erase_by_code(person_code=person_code, code=code, now=NOW, by=person.user)

    person_code.refresh_from_db()
    assert person_code.used_at is None


def test_a_used_code_erases_nothing():
    person = somebody()
    person_code = services.ask_erasure(beneficiary=person.row, now=NOW)
    PersonCode.objects.update(used_at=NOW)

    with pytest.raises(CodeUsed):
        services.erase_by_code(person_code=person_code, code=code_sent(person_code), now=NOW, by=person.user)


@pytest.mark.parametrize("column", ["first_name", "last_name", "email", "phone"])
def test_the_database_never_lets_an_erased_person_have_an_identity_again(column):
    person = somebody()
    erase(person)

    with pytest.raises(IntegrityError, match="beneficiary_erased_is_nobody"), transaction.atomic():
        Beneficiary.objects.update(**{column: "retour@exemple.example"[:18]})


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM beneficiaries_erasure", "UPDATE beneficiaries_erasure SET erased_at = '2100-01-01'"],
)
def test_the_erasure_journal_is_append_only(statement):
    erase(somebody())

    with (
        pytest.raises(DatabaseError, match="append_only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_erasures_of_the_table_are_replayed_without_a_file():
    person = somebody()
    Erasure.objects.create(person_uuid=person.row.uuid, erased_at=NOW)

    assert services.replay_erasures(lines=[], now=NOW) == 1

    assert found_in_base(*CANARIES) == []


def test_who_was_erased_does_not_come_back_from_a_backup(django_capture_on_commit_callbacks, capsys):
    """The base goes back to before the erasure; the journal among the files does not."""
    person = somebody(coming=NOW + timedelta(days=3650))
    backup = transaction.savepoint_create()
    with django_capture_on_commit_callbacks(execute=True):
        erase(person)
    transaction.savepoint_rollback(backup)
    assert found_in_base(CANARIES[0])

    with django_capture_on_commit_callbacks(execute=True):
        call_command("replay_erasures")
    call_command("replay_erasures")

    assert found_in_base(*CANARIES) == []
    printed = capsys.readouterr().out.splitlines()
    assert [line.split(", ")[1] for line in printed] == [
        "1 personnes effacées à nouveau.",
        "0 personnes effacées à nouveau.",
    ]
