"""What a spreadsheet does to a file: numbers, sheets beside, quotes left open, ways to write a date."""

from datetime import UTC, datetime
from io import BytesIO

import openpyxl
import pytest

from beneficiaries.request.models import Beneficiary
from operators.casework.pathways.models import CounsellingSession
from operators.exchange.deliveries.errors import FileRefused
from operators.exchange.deliveries.rules.columns import BY_NAME, NAMES
from operators.exchange.deliveries.rules.reading import format_of
from tests.factories.deliveries import csv_of, software

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return software()


def refused(delivery) -> list[tuple[int, str]]:
    return [(line.number, line.problems[0]["field"]) for line in delivery.refused_lines.order_by("number")]


def said(delivery) -> str:
    return " ".join(
        f"{problem['what']} {problem['how']}"
        for line in delivery.refused_lines.order_by("number")
        for problem in line.problems
    )


def book(*sheets, hidden=(), first_row=1):
    """A workbook of sheets, each (name, lines); the heading stands on `first_row` of the first one."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for place, (name, lines) in enumerate(sheets):
        sheet = workbook.create_sheet(name)
        if name in hidden:
            sheet.sheet_state = "hidden"
        top = first_row if place == 0 else 1
        for at, row in enumerate([NAMES, *([line.get(name) for name in NAMES] for line in lines)]):
            for column, value in enumerate(row, start=1):
                sheet.cell(top + at, column, value)
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


@pytest.mark.parametrize("field", ["id", "personne", "parcours"])
@pytest.mark.parametrize(("known", "sent"), [("00123", "123"), ("AB-7", "ab-7"), ("0007", "07")])
def test_number_that_lost_its_zeros_or_capitals_is_asked_about(operator, field, known, sent):
    operator.send(operator.session(**{field: known}))

    again = operator.session(**{"id": "S-2", field: sent}, date_heure="2026-04-02 10:00")
    delivery = operator.send(again)

    assert refused(delivery) == [(2, field)]
    assert f"« {sent} » ressemble à votre n° {known}" in said(delivery)
    assert "en Texte" in said(delivery)


def test_number_that_lost_its_zeros_is_asked_about_inside_one_file(operator):
    delivery = operator.send(
        operator.session(personne="0042"),
        operator.session(id="S-2", personne="42", parcours="A-2", date_heure="2026-04-02 10:00"),
    )

    assert refused(delivery) == [(3, "personne")]


def test_number_that_only_looks_alike_is_taken_once_confirmed(operator):
    operator.send(operator.session(id="00123"))

    delivery = operator.send(operator.session(id="123", distinct_de="00123", date_heure="2026-04-02 10:00"))

    assert (delivery.new_count, refused(delivery)) == (1, [])


@pytest.mark.parametrize("number", ["1,23457E+15", "1.2E+20", "5e+3"])
@pytest.mark.parametrize("field", ["id", "personne", "parcours", "rendez_vous"])
def test_scientific_notation_says_to_use_a_text_column(operator, field, number):
    delivery = operator.send(operator.session(**{field: number}))

    assert field in delivery.refused_fields
    assert "notation scientifique" in said(delivery)
    assert "en Texte" in said(delivery)


def test_digits_rounded_to_zeros_are_refused_in_a_csv(operator):
    delivery = operator.send(operator.session(personne="1234567890123400"))

    assert refused(delivery) == [(2, "personne")]
    assert "arrondi" in said(delivery)


def test_long_numbers_of_which_one_ends_with_a_zero_are_taken(operator):
    delivery = operator.send(
        operator.session(personne="1234567890123450"),
        operator.session(
            id="S-2", personne="1234567890123451", parcours="A-2", date_heure="2026-04-02 10:00"
        ),
    )

    assert (delivery.new_count, delivery.refused_count) == (2, 0)


def test_long_number_kept_as_a_number_by_a_workbook_is_refused_and_its_text_is_taken(operator):
    number = operator.session(personne=1234567890123456)
    text = operator.session(personne="1234567890123450", id="S-2", date_heure="2026-04-02 10:00")

    delivery = operator.send_bytes(book(("Feuil1", [number, text])), name="a.xlsx")

    assert (refused(delivery), delivery.new_count) == ([(2, "personne")], 1)
    assert "\x01" not in "".join(delivery.refused_lines.get().cells)


def test_number_that_a_workbook_made_a_date_is_refused(operator):
    line = operator.session(personne=datetime(2026, 3, 12))  # noqa: DTZ001 -- Excel's

    delivery = operator.send_bytes(book(("Feuil1", [line])), name="a.xlsx")

    assert refused(delivery) == [(2, "personne")]
    assert "une date" in said(delivery)


def test_other_sheets_are_said_and_a_hidden_one_is_not_read_first(operator):
    other = operator.session(id="S-9", date_heure="2026-04-02 10:00")
    content = book(
        ("Ancien", [other]), ("Mars", [operator.session()]), ("Avril", [other]), hidden=("Ancien",)
    )

    delivery = operator.send_bytes(content, name="a.xlsx")

    assert delivery.new_count == 1
    assert delivery.remarks == [
        (
            "Seule la feuille « Mars » est lue. Non lu : « Ancien » (masquée), « Avril »."
            " Envoyez chaque feuille dans son fichier."
        )
    ]


def test_lines_have_the_numbers_that_excel_shows(operator):
    content = book(
        ("Feuil1", [operator.session(), {}, operator.session(id="S-2", niveau="SIX")]), first_row=4
    )

    delivery = operator.send_bytes(content, name="a.xlsx")

    assert refused(delivery) == [(7, "niveau")]


def test_blank_lines_and_a_title_count_in_a_csv(operator):
    heading, line = csv_of(operator.session(niveau="SIX")).splitlines()
    text = f"Export du 12 mars;;;\n\n{heading}\n\n;;;\n{line}\n"

    delivery = operator.send_bytes(text.encode())

    assert refused(delivery) == [(6, "niveau")]
    assert delivery.remarks == ["Au-dessus des titres, non lu : ligne 1."]


@pytest.mark.parametrize("place", [1, 2, 3])
def test_quote_left_open_is_refused_with_its_line_and_takes_nothing(operator, place):
    lines = csv_of(
        operator.session(),
        operator.session(id="S-2", date_heure="2026-04-02 10:00"),
        operator.session(id="S-3", date_heure="2026-04-03 10:00"),
    ).splitlines()
    lines[place] = lines[place].replace(";P-1;", ';"P-1;')

    delivery = operator.send_bytes("\n".join(lines).encode())

    assert delivery.state == "REFUSED"
    assert delivery.reason.startswith(f"À la ligne {place + 1}, un guillemet ouvert n’est pas fermé")
    assert not CounsellingSession.objects.exists()


def test_line_with_a_separator_too_many_is_refused_not_shifted(operator):
    text = csv_of(operator.session(), operator.session(id="S-2", date_heure="2026-04-02 10:00"))
    text = text.replace("S-2;P-1;", "S-2;P;1;") + ";" * (len(NAMES) + 3)
    heading, first, second, blank = text.splitlines()

    delivery = operator.send_bytes("\n".join([heading, first, second + ";x", blank]).encode())

    assert (delivery.new_count, refused(delivery)) == (1, [(3, "nature")])
    assert "décalées" in said(delivery)


def test_quote_opened_on_one_line_and_closed_on_another_swallows_nothing(operator):
    lines = csv_of(operator.session(), operator.session(id="S-2"), operator.session(id="S-3")).splitlines()
    lines[1] = lines[1].replace(";P-1;", ';"P-1;')
    lines[3] = lines[3].replace(";P-1;", ';P-1";')

    delivery = operator.send_bytes("\n".join(lines).encode())

    assert (delivery.state, delivery.reason[:12]) == ("REFUSED", "À la ligne 2")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("12/03/2026 9:05", datetime(2026, 3, 12, 8, 5, tzinfo=UTC)),
        ("2026-03-12 9:05", datetime(2026, 3, 12, 8, 5, tzinfo=UTC)),
        ("12/03/26 9:05", datetime(2026, 3, 12, 8, 5, tzinfo=UTC)),
        ("12/03/26 9h05", datetime(2026, 3, 12, 8, 5, tzinfo=UTC)),
        ("12.03.2026 09:05:30", datetime(2026, 3, 12, 8, 5, 30, tzinfo=UTC)),
        ("12-03-2026 9 h 05", datetime(2026, 3, 12, 8, 5, tzinfo=UTC)),
    ],
)
def test_dates_are_read_as_people_write_them(operator, text, instant):
    operator.send(operator.session(date_heure=text))

    assert CounsellingSession.objects.get().starts_at == instant


@pytest.mark.parametrize(
    "text", ["12-03-26 09:05", "12/03/2026", "31/02/2026 09:05", "12/13/2026 09:05", "9:05"]
)
def test_date_that_could_be_another_is_refused(operator, text):
    assert refused(operator.send(operator.session(date_heure=text))) == [(2, "date_heure")]


@pytest.mark.parametrize("text", ["60,0", "60.00", "60 min", "60"])
def test_minutes_are_read_as_people_write_them(operator, text):
    operator.send(operator.session(duree_minutes=text))

    assert CounsellingSession.objects.get().duration_minutes == 60


@pytest.mark.parametrize("text", ["60,5", "1 h", "301", "4", "-60"])
def test_minutes_that_are_not_whole_or_not_sane_are_refused(operator, text):
    assert refused(operator.send(operator.session(duree_minutes=text))) == [(2, "duree_minutes")]


def test_labels_are_read_as_they_are_printed_and_are_the_same_facts(operator):
    coded = operator.session()
    printed = coded | {
        "nature": "Séance",
        "niveau": "Niveau 1",
        "modalite": str(dict(BY_NAME["modalite"].choices)["ON_SITE"]),
        "themes": "Projet professionnel | analyse de la situation",
        "suite": "La personne avance de son côté",
    }
    operator.send(coded)

    again = operator.send(printed)

    assert (again.same_count, again.refused_count) == (1, 0)


def test_headings_are_read_by_their_labels(operator):
    text = csv_of(operator.session())
    for name in ("id", "personne", "niveau"):
        text = text.replace(f";{name};", f";{BY_NAME[name].label};", 1)

    assert operator.send_bytes(text.encode()).new_count == 1


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_line_that_says_the_separator_is_obeyed(operator, separator):
    text = f"sep={separator}\r\n" + csv_of(operator.session(niveau="SIX"), separator=separator)

    assert refused(operator.send_bytes(text.encode())) == [(3, "niveau")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_read_with_or_without_its_mark(operator, encoding):
    content = csv_of(operator.session() | {"nature": "Séance"}, separator="\t").encode(encoding)

    assert operator.send_bytes(content, name="export.txt").new_count == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.xls", "Classeur Excel (.xlsx)"),
        ("a.ods", "LibreOffice"),
        ("a.xlsm", "macros"),
        ("a.pdf", "CSV, XLSX"),
    ],
)
def test_other_formats_say_what_to_do(name, words):
    with pytest.raises(FileRefused, match=words.replace("(", r"\(").replace(")", r"\)").replace(".", r"\.")):
        format_of(name)


def test_commune_that_lost_its_zero_is_found(operator):
    code = operator.commune
    assert code.startswith("0") or code.isdecimal()

    delivery = operator.send(operator.request(commune=code.lstrip("0")))

    assert (delivery.new_count, Beneficiary.objects.count()) == (1, 1)
