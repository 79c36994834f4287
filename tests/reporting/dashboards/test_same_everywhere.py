"""A figure reads the same on the page, in the CSV and by the API, for each of its readers."""

import csv
import re
from datetime import date
from io import StringIO

import pytest
from django.urls import reverse

from cep_portal.accounts.enums import Role
from reporting.kpis.enums import PeriodKind
from reporting.kpis.rules.definitions import DEFINITIONS
from tests.factories.accounts import UserFactory
from tests.factories.operators import ApiClientFactory
from tests.factories.procurement import ContractFactory
from tests.factories.reporting import KpiRunFactory, KpiValueFactory
from tests.factories.territories import RegionFactory
from tests.operators.exchange.software.conftest import signed_api

pytestmark = pytest.mark.django_db
CELL = r'<td class="num"[^>]*>(?:<span>)?([^<]+)'
ROW = rf'<th scope="row"[^>]*>(.+?)</th>\s*{CELL}'
OCTOBER = {"periode": "2026-10"}
COUNTS = {
    "entries": (3, None),
    "active_beneficiaries": (250, None),
    "uptake_rate": (3, 1_458_000),
    "level_two_share": (97, 150),
    "first_appointment_days": (1_805, 200),
    "no_show_rate": (4, 9),
    "satisfaction_rate": (11, 12),
}
RELEASED = {
    "entries": "3",
    "active_beneficiaries": "250",
    "uptake_rate": "0,2",
    "level_two_share": "65 %",
    "first_appointment_days": "9,0 j",
    "no_show_rate": "12,4 %",  # of the twelve months: nine were counted in October
    "satisfaction_rate": "92 %",
}
READ = {
    Role.ANALYST: RELEASED,
    Role.COMMITTEE_MEMBER: RELEASED | {"first_appointment_days": "en attente"},
    Role.OPERATOR_MANAGER: RELEASED
    | {"level_two_share": "64,7 %", "no_show_rate": "44,4 %", "satisfaction_rate": "91,7 %"},
}


@pytest.fixture
def contract():
    run, region = KpiRunFactory(), RegionFactory(name="Bretagne")
    contract = ContractFactory(lot__regions=[region])
    month, year = (PeriodKind.MONTH, date(2026, 10, 1)), (PeriodKind.ROLLING, date(2025, 11, 1))
    stored = [(kpi, *month, *counts) for kpi, counts in COUNTS.items()]
    for kpi, kind, starts_on, numerator, denominator in [*stored, ("no_show_rate", *year, 31, 250)]:
        KpiValueFactory(
            run=run,
            kpi=kpi,
            contract=contract,
            region=region,
            period_kind=kind,
            period_starts_on=starts_on,
            numerator=numerator,
            denominator=denominator,
        )
    return contract


def plain(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\u00a0", " ").replace("\u202f", " ").split())


def first_cells(page):
    """The first figure of each row of the first table: {code: text}."""
    labels = {definition.label: code for code, definition in DEFINITIONS.items()}
    rows = re.findall(
        r'<th scope="row"[^>]*>(.+?)</th>\s*<td class="num"[^>]*>(?:<span>)?([^<]+)', page, re.DOTALL
    )
    return {labels[plain(label)]: plain(text) for label, text in rows[:7]}


def lines(response, territory="Bretagne", period=None):
    rows = csv.DictReader(StringIO(response.text.removeprefix("\ufeff")), delimiter=";")
    kept = [row for row in rows if row["territoire"] == territory and period in (None, row["periode"])]
    return {row["indicateur"]: row for row in kept}


def as_number(text):
    """« 12,4 % » as a spreadsheet takes it; a word that says why nothing is read is no number."""
    return text.split()[0] if text[0].isdigit() else ""


@pytest.mark.parametrize("role", [Role.ANALYST, Role.COMMITTEE_MEMBER])
def test_region_reads_the_same_on_its_page_and_in_its_csv(client, contract, role):
    region = contract.lot.regions.get()
    scope = {"role__region": region} if role == Role.COMMITTEE_MEMBER else {}
    client.force_login(UserFactory(role=role, **scope))

    page = client.get(reverse("reporting:region", args=[region.pk]), OCTOBER).text
    exported = client.get(reverse("reporting:region_csv", args=[region.pk]))
    rows = lines(exported, period="2026-10")

    assert first_cells(page) == READ[role]
    assert "sur 12 mois" in plain(page)
    told = {code: as_number(text) for code, text in READ[role].items()} | {"no_show_rate": ""}
    assert {code: row["valeur"] for code, row in rows.items()} == told
    assert rows["no_show_rate"]["non_montre"] == "effectif insuffisant"
    assert lines(exported, period="12m-2026-10")["no_show_rate"]["valeur"] == "12,4"
    assert [rows[code]["denominateur"] for code in ("level_two_share", "satisfaction_rate")] == [
        "150",
        "10 à 29",
    ]
    assert rows["satisfaction_rate"]["numerateur"] == rows["level_two_share"]["numerateur"] == ""


def test_france_reads_the_same_on_its_page_and_in_its_csv(client, contract):
    client.force_login(UserFactory(role=Role.ANALYST))

    page = client.get(reverse("reporting:national"), OCTOBER).text
    rows = lines(client.get(reverse("reporting:national_csv"), OCTOBER))

    row = page.partition(">Bretagne</a></th>")[2].partition("</tr>")[0]
    shown = re.findall(CELL, row)
    assert dict(zip(DEFINITIONS, map(plain, shown), strict=True)) == RELEASED
    assert {code: row["valeur"] for code, row in rows.items()} == {
        code: as_number(text) for code, text in RELEASED.items()
    }
    assert (rows["no_show_rate"]["periode"], rows["entries"]["periode"]) == ("12m-2026-10", "2026-10")


def test_party_reads_the_same_on_its_page_and_by_the_api(client, contract):
    client.force_login(UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=contract.holder))
    api = signed_api(ApiClientFactory(organisation=contract.holder))

    page = client.get(reverse("reporting:lot"), OCTOBER).text
    figures = api.get(reverse("reporting:api_indicators"), {"period": "2026-10"}).json()["figures"]

    assert first_cells(page) == READ[Role.OPERATOR_MANAGER]
    assert {row["code"]: plain(row["text"]) for row in figures} == READ[Role.OPERATOR_MANAGER]
    assert {
        row["code"]: (row["period"]["numerator"], row["period"]["denominator"]) for row in figures
    } == COUNTS
    assert {row["code"]: f"{row['period']['value']:g}" for row in figures} == {
        code: as_number(text).replace(",", ".").removesuffix(".0")
        for code, text in READ[Role.OPERATOR_MANAGER].items()
    }
