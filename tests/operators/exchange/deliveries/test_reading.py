"""Files as they come: encodings, separators, spreadsheets, damage, and what must never enter."""

import zipfile
from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl
import pytest

from beneficiaries.request.models import Beneficiary
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.models import CounsellingSession
from operators.exchange.deliveries.models import RefusedLine
from operators.exchange.deliveries.rules.columns import NAMES
from operators.network.models import Site
from tests.factories.deliveries import csv_of, software

pytestmark = pytest.mark.django_db
NIR = "1 85 03 75 123 456 78"


@pytest.fixture
def operator():
    return software()


def workbook(*lines, types=None) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(list(NAMES))
    for line in lines:
        book.active.append([line.get(name) for name in NAMES])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encodings_and_separators_are_told_apart(operator, encoding, separator):
    line = operator.session(id="é") | {"themes": "PROJECT"}

    delivery = operator.send_bytes(csv_of(line, separator=separator).encode(encoding))

    assert delivery.refused_count == 1
    assert delivery.refused_lines.get().cells[NAMES.index("id")] == "é"


def test_french_dates_and_headings_with_accents_are_read(operator):
    text = csv_of(operator.session(date_heure="12/03/2026 10:05")).replace("modalite", "Modalité")

    operator.send_bytes(text.encode())

    assert CounsellingSession.objects.get().starts_at == datetime(2026, 3, 12, 9, 5, tzinfo=UTC)


def test_offset_is_obeyed_and_the_day_is_that_of_the_place(operator):
    operator.send(operator.session(date_heure="2026-03-12T23:30:00+00:00"))

    session = CounsellingSession.objects.get()
    assert session.starts_at == datetime(2026, 3, 12, 23, 30, tzinfo=UTC)
    assert session.held_on == date(2026, 3, 13)


def test_hour_without_offset_is_read_on_the_clock_of_the_place(operator):
    Site.objects.update(zone="Indian/Reunion")

    operator.send(operator.session(date_heure="2026-03-13 01:30"))

    session = CounsellingSession.objects.get()
    assert session.starts_at == datetime(2026, 3, 12, 21, 30, tzinfo=UTC)
    assert session.held_on == date(2026, 3, 13)


def test_hour_that_does_not_exist_is_refused(operator):
    delivery = operator.send(operator.session(date_heure="2026-03-29 02:30"))

    assert delivery.refused_lines.get().problems[0]["field"] == "date_heure"


def test_workbook_with_true_dates_is_read(operator):
    line = operator.session(date_heure=datetime(2026, 3, 12, 10, 5), duree_minutes=55)  # noqa: DTZ001 -- Excel's

    delivery = operator.send_bytes(workbook(line), name="remontee.xlsx")

    assert delivery.new_count == 1
    assert CounsellingSession.objects.get().starts_at == datetime(2026, 3, 12, 9, 5, tzinfo=UTC)


def test_same_facts_in_another_format_change_nothing(operator):
    operator.send(*operator.road())

    again = operator.send_bytes(workbook(*operator.road()), name="remontee.xlsx")

    assert (again.same_count, again.changed_count) == (4, 0)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"nature;id\n", "a.csv", "aucune ligne sous ses titres"),
        (b"\n\n", "a.csv", "il manque nature, id"),
        (b"nature;id;nom\nSEANCE;1;Dupont\n", "a.csv", "Le format n’a pas de colonne nom"),
        (b"nature;id;id\nSEANCE;1;1\n", "a.csv", "La colonne id est écrite deux fois"),
        ("nature;id".encode("utf-16"), "a.csv", "aucune ligne sous ses titres"),
        (b"nature;id\nSEANCE;\0\n", "a.csv", "pas du texte"),
        (b"nature;id\nSEANCE;" + b"x" * 30_000 + b"\n", "a.csv", "La ligne 2 dépasse 20000 signes"),
        (b'nature;id\nSEANCE;"' + b"x\n" * 90_000, "a.csv", "À la ligne 2, un guillemet ouvert"),
        (b"PK nothing", "a.xlsx", "pas un classeur XLSX"),
        (b"{", "a.json", "pas du JSON bien formé"),
        (b"[]", "a.json", "un objet JSON dont"),
        (b'{"lignes": [{"nom": "Dupont"}]}', "a.json", "Le format n’a pas de champ nom"),
    ],
)
def test_file_that_cannot_be_read_says_why_and_leaves_nothing(operator, content, name, said):
    delivery = operator.send_bytes(content, name=name)

    assert (delivery.state, delivery.line_count) == ("REFUSED", 0)
    assert said in delivery.reason
    assert not RefusedLine.objects.exists()


def test_zip_bomb_is_refused_before_it_unfolds(operator, settings):
    settings.PORTAL_DELIVERY_XLSX_BYTES = 1_000_000
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)

    delivery = operator.send_bytes(out.getvalue(), name="a.xlsx")

    assert (delivery.state, "trop gros une fois déplié" in delivery.reason) == ("REFUSED", True)


def test_zip_that_lies_about_its_size_is_refused(operator, settings):
    settings.PORTAL_DELIVERY_XLSX_BYTES = 1_000_000
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", b"0" * 2_000_000)
    lying = out.getvalue().replace((2_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))

    delivery = operator.send_bytes(lying, name="a.xlsx")

    assert delivery.state == "REFUSED"


def test_social_security_number_is_refused_and_not_kept(operator):
    delivery = operator.send(operator.request(personne=NIR))

    line = delivery.refused_lines.get()
    assert line.problems[0]["field"] == "personne"
    assert (line.person, "185" in "".join(line.cells).replace(" ", "")) == ("(retiré)", False)
    assert not Beneficiary.objects.exists()


def test_uuid_is_no_social_security_number(operator):
    uuid = "18503751-2345-4678-9123-456789012345"

    delivery = operator.send(operator.request(id=uuid, personne=uuid))

    assert delivery.new_count == 1


def test_cells_of_another_kind_of_line_are_refused(operator):
    delivery = operator.send(operator.closing(personne="P-1"))

    assert delivery.refused_fields == {"personne": 1}


def test_places_of_another_operator_are_unknown(operator):
    other = software()

    delivery = operator.send(
        operator.session(lieu=other.site.slug), operator.session(id="S-2", conseiller=str(other.adviser.uuid))
    )

    assert delivery.refused_fields == {"conseiller": 1, "lieu": 1}


def test_numbers_of_two_operators_do_not_meet(operator):
    other = software()
    operator.send(operator.appointment(id="R-9"))

    delivery = other.send(other.session(rendez_vous="R-9"), other.session(id="S-2"))

    assert (delivery.refused_fields, delivery.new_count) == ({"rendez_vous": 1}, 1)
    assert Beneficiary.objects.count() == 2
    assert Appointment.objects.count() == 1
