"""What a file holds, and what no file ever holds."""

import csv
import tracemalloc
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO, StringIO

import openpyxl
import pytest

from cep_portal.documents.gateways import storage
from operators.booking.agenda.enums import AppointmentState
from operators.casework.pathways.enums import NextStep, Theme
from operators.exchange.extracts.enums import ExtractKind, TableFormat
from operators.exchange.extracts.gateways.writing import write_table
from tests.factories.beneficiaries import freeze
from tests.factories.extracts import ready_extract
from tests.factories.notes import NoteFactory
from tests.factories.operators import (
    AdviserFactory,
    AppointmentFactory,
    CounsellingSessionFactory,
    PathwayFactory,
    SiteFactory,
)
from tests.factories.plans import ActionFactory, ObjectiveFactory

pytestmark = pytest.mark.django_db
CANARY = "canari-jaune-7431"
HELD = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)


def content_of(extract) -> bytes:
    return storage.whole_path(extract.path).read_bytes()


def rows_of(extract) -> list[list[str]]:
    text = content_of(extract).decode("utf-8-sig")
    return list(csv.reader(StringIO(text), delimiter=";"))[1:]


def text_of(extract) -> str:
    """Every character of the file, unfolded when it is an archive."""
    content = content_of(extract)
    if extract.file_format == TableFormat.CSV:
        return content.decode()
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


def held(adviser, starts_at=HELD, **details):
    return CounsellingSessionFactory(
        pathway__adviser=adviser, starts_at=starts_at, recorded_at=starts_at, **details
    )


@pytest.fixture
def adviser(site):
    return AdviserFactory(site=site)


def test_sessions_have_a_line_each_and_a_number_for_the_person(asker, contracts, adviser):
    first = held(adviser, duration_minutes=55)
    held(adviser, datetime(2026, 11, 12, 9, 0, tzinfo=UTC), pathway=first.pathway, level="TWO", mode="VIDEO")
    held(adviser, datetime(2026, 11, 13, 9, 0, tzinfo=UTC))

    extract = ready_extract(asked_by=asker, judged_by=contracts, kind="SESSIONS")

    rows = rows_of(extract)
    assert extract.line_count == 3
    assert [(row[0], row[1], row[3], row[4]) for row in rows] == [
        ("2026-11-10", "Rennes", "niveau 1", "sur place"),
        ("2026-11-12", "Rennes", "niveau 2", "en visio"),
        ("2026-11-13", "Rennes", "niveau 1", "sur place"),
    ]
    assert rows[0][2] == rows[1][2] != rows[2][2]
    assert {row[2] for row in rows} == {"1", "2"}


def test_number_of_a_person_means_nothing_in_another_file(asker, contracts, adviser):
    for day in range(1, 11):
        held(adviser, datetime(2026, 11, day, 9, 0, tzinfo=UTC))

    orders = {
        tuple(row[2] for row in rows_of(ready_extract(asked_by=asker, judged_by=contracts, kind="SESSIONS")))
        for _ in range(3)
    }

    assert len(orders) == 3
    assert {frozenset(order) for order in orders} == {frozenset(str(number) for number in range(1, 11))}


def test_period_is_counted_in_the_day_of_the_place(asker, contracts, adviser, site):
    """RDV-SP 2393: overseas on the clock of Paris."""
    there = AdviserFactory(site=SiteFactory(reunion=True, contract=site.contract))
    late = datetime(2026, 11, 1, 20, 30, tzinfo=UTC)  # 2 November at 0:30 in La Réunion, 1 November in Rennes
    AppointmentFactory(adviser=there, starts_at=late, state=AppointmentState.ATTENDED)
    AppointmentFactory(adviser=adviser, starts_at=late, state=AppointmentState.ATTENDED)

    extract = ready_extract(
        asked_by=asker,
        judged_by=contracts,
        kind="APPOINTMENTS",
        starts_on=date(2026, 11, 2),
        ends_on=date(2026, 11, 2),
    )

    assert [row[:2] for row in rows_of(extract)] == [["2026-11-02", "00:30"]]


def test_appointments_never_booked_are_left_out(asker, contracts, adviser):
    hour = iter(range(8, 20, 2))

    def booked(**details):
        return AppointmentFactory(
            adviser=adviser, starts_at=datetime(2026, 11, 10, next(hour), tzinfo=UTC), **details
        )

    booked(on_hold=True)
    booked(state="NO_SHOW")
    booked(state="CANCELLED", cancelled_at=HELD, cancelled_by="OPERATOR", cancel_reason="ADVISER_AWAY")

    rows = rows_of(ready_extract(asked_by=asker, judged_by=contracts, kind="APPOINTMENTS"))

    assert [row[6:9] for row in rows] == [
        ["non honoré", "", "la personne"],
        ["annulé", "le service", "la personne"],
    ]


def test_activity_counts_by_place_and_month(asker, colleague, adviser):
    one = held(adviser, duration_minutes=50)
    held(
        adviser,
        datetime(2026, 11, 12, 9, 0, tzinfo=UTC),
        pathway=one.pathway,
        level="TWO",
        duration_minutes=60,
    )
    AppointmentFactory(adviser=adviser, starts_at=HELD, state="ATTENDED")
    AppointmentFactory(adviser=adviser, starts_at=datetime(2026, 11, 20, 9, tzinfo=UTC), state="NO_SHOW")

    rows = rows_of(ready_extract(asked_by=asker, judged_by=colleague))

    assert rows == [["2026-11", "Rennes", "1", "1", "110", "1", "1", "1", "0"]]


@pytest.mark.parametrize("kind", ExtractKind.values)
def test_another_operator_s_facts_are_in_no_file(asker, contracts, kind):
    held(AdviserFactory())
    AppointmentFactory(starts_at=HELD)

    assert rows_of(ready_extract(asked_by=asker, judged_by=contracts, kind=kind)) == []


@pytest.mark.parametrize("kind", ExtractKind.values)
def test_frozen_file_is_left_out(asker, contracts, adviser, kind):
    session = held(adviser)
    AppointmentFactory(adviser=adviser, starts_at=HELD, beneficiary=session.pathway.beneficiary)
    freeze(session.pathway.beneficiary, HELD)

    assert rows_of(ready_extract(asked_by=asker, judged_by=contracts, kind=kind)) == []


@pytest.mark.parametrize("file_format", TableFormat.values)
@pytest.mark.parametrize("kind", ExtractKind.values)
def test_no_note_plan_theme_name_nor_contact_is_in_any_file(asker, contracts, adviser, kind, file_format):
    """Canary strings of notes never appear in an export."""
    pathway = PathwayFactory(
        adviser=adviser,
        beneficiary__first_name="Prénomcanari",
        beneficiary__last_name="Nomcanari",
        beneficiary__email="canari@exemple.example",
        beneficiary__phone="+33612340000",
    )
    held(adviser, pathway=pathway, themes=[Theme.WORKING_LIFE], next_step=NextStep.REFERRAL)
    AppointmentFactory(
        adviser=adviser,
        starts_at=HELD,
        beneficiary=pathway.beneficiary,
        state="CANCELLED",
        cancelled_at=HELD,
        cancelled_by="PERSON",
        cancel_reason="PERSONAL",
        access_needs=["SIGN_LANGUAGE"],
    )
    NoteFactory(pathway=pathway, text=CANARY)
    objective = ObjectiveFactory(plan__pathway=pathway, title=f"objectif {CANARY}")
    ActionFactory(objective=objective, title=f"action {CANARY}")

    text = text_of(
        ready_extract(asked_by=asker, judged_by=contracts, kind=kind, file_format=file_format)
    ).lower()

    private = {
        *(CANARY, "canari", "612340000", "signes", "sign_language", "empêchement", "orientation"),
        *(label.lower() for label in Theme.labels),
        *(value.lower() for value in Theme.values if value != "PROJECT"),
        *(str(pathway.uuid), str(pathway.beneficiary.uuid), adviser.user.email),
    }
    assert [word for word in sorted(private) if word in text] == []
    assert "rennes" in text


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", " +1+1", "@SUM(A1)", "-2+3"])
def test_no_cell_is_a_formula(asker, contracts, site, name):
    site.name = name
    site.save(update_fields=["name"])
    held(AdviserFactory(site=site))

    sheet = ready_extract(asked_by=asker, judged_by=contracts, kind="SESSIONS", file_format="xlsx")
    flat = ready_extract(asked_by=asker, judged_by=contracts, kind="SESSIONS")

    cells = [cell for row in openpyxl.load_workbook(BytesIO(content_of(sheet))).active.rows for cell in row]
    assert f"'{name}" in [cell.value for cell in cells]
    assert "f" not in {cell.data_type for cell in cells}
    assert rows_of(flat)[0][1] == f"'{name}"


def test_numbers_stay_numbers_in_a_workbook(asker, contracts, adviser):
    held(adviser, duration_minutes=55)

    extract = ready_extract(asked_by=asker, judged_by=contracts, kind="SESSIONS", file_format="xlsx")

    _, line = openpyxl.load_workbook(BytesIO(content_of(extract))).active.values
    assert (line[2], line[5]) == (1, 55)


@pytest.mark.parametrize("file_format", TableFormat.values)
def test_memory_does_not_grow_with_the_lines(tmp_path, file_format):
    """RDV-SP 1077, 2008, 3417, PR 3006: statistics and exports die."""

    def peak(count):
        lines = (("2026-11-10", f"Lieu {number}", number) for number in range(count))
        tracemalloc.start()
        write_table(tmp_path / "f", heading=["Jour", "Lieu", "N"], lines=lines, file_format=file_format)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(10)  # what is imported once

    assert peak(20_000) < peak(200) + 1_000_000
