"""A drawing is found again by its address, and taken away as a file that says what its page says."""

import xml.etree.ElementTree as ET
from datetime import date

import pytest
from django.urls import reverse

from cep_portal.accounts.enums import Role
from reporting.kpis.models import KpiValue
from reporting.kpis.rules.definitions import DEFINITIONS
from tests.factories.accounts import UserFactory
from tests.factories.procurement import ContractFactory
from tests.factories.reporting import KpiRunFactory, KpiValueFactory
from tests.factories.territories import RegionFactory

pytestmark = pytest.mark.django_db
OCTOBER = {"periode": "2026-10", "indicateur": "no_show_rate"}
TREND, YEARS = "courbe-rendez-vous-non-honores", "vignettes-rendez-vous-non-honores-annee-par-annee"


@pytest.fixture
def contract():
    run, region = KpiRunFactory(), RegionFactory(name="Bretagne")
    contract = ContractFactory(lot__regions=[region])
    for month, counts in ((8, (7, 9)), (9, (20, 200)), (10, (24, 200))):
        KpiValueFactory(
            run=run,
            kpi="no_show_rate",
            contract=contract,
            region=region,
            numerator=counts[0],
            denominator=counts[1],
            period_starts_on=date(2026, month, 1),
        )
    KpiValueFactory(
        run=run,
        kpi="no_show_rate",
        contract=contract,
        region=region,
        numerator=51,
        denominator=409,
        period_kind="ROLL",
        period_starts_on=date(2025, 11, 1),
    )
    return contract


@pytest.fixture
def analyst(client):
    client.force_login(UserFactory(role=Role.ANALYST))
    return client


def region_page(client, **query):
    return client.get(reverse("reporting:region", args=["53"]), OCTOBER | query)


@pytest.mark.parametrize("key", [TREND, YEARS])
def test_each_drawing_of_a_region_is_a_file(analyst, contract, key):
    image = region_page(analyst, image=key)

    drawing = ET.fromstring(image.content)
    assert image["Content-Disposition"] == f'attachment; filename="{key}.svg"'
    assert image["Content-Type"] == "image/svg+xml"
    assert drawing.findall("{http://www.w3.org/2000/svg}text")[-1].text.startswith(
        "Bretagne · Mon CEP, France compétences · calculé le "
    )


def test_the_map_is_a_file_too(analyst, contract):
    image = analyst.get(
        reverse("reporting:national"),
        OCTOBER | {"image": "carte-rendez-vous-non-honores-12-mois-jusqua-octobre-2026"},
    )

    assert image["Content-Type"] == "image/svg+xml"
    assert "12,5 %".replace(" ", "\u00a0") in image.text


def test_an_image_neither_draws_nor_says_what_is_not_significant(analyst, contract):
    image = region_page(analyst, image=TREND)

    assert "de 10,0\u00a0% en septembre 2026 à 12,0\u00a0% en octobre 2026" in image.text
    assert [part for part in ("77,8", "août 2026") if part in image.text] == []


def test_an_unknown_image_is_not_found(analyst, contract):
    assert region_page(analyst, image="courbe-x").status_code == 404


def test_a_page_links_each_drawing_to_its_address_and_its_file(analyst, contract):
    page = region_page(analyst).text

    here = "?periode=2026-10&amp;indicateur=no_show_rate"
    assert f'id="{TREND}"' in page
    assert f'href="{here}#{TREND}"' in page
    assert f'href="{here}&amp;image={TREND}"' in page
    assert page.count(">Lien permanent<") == len(DEFINITIONS) + 1


def test_a_manager_takes_away_the_own_lot_alone(client, contract):
    client.force_login(UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=contract.holder))
    query = OCTOBER | {"image": TREND}

    own = client.get(reverse("reporting:lot"), query | {"lot": str(contract.uuid)})
    other = client.get(reverse("reporting:lot"), query | {"lot": str(ContractFactory().uuid)})

    assert (own.status_code, other.status_code) == (200, 404)
    assert str(contract.lot) in own.text


def test_several_drawings_share_one_table_of_months(analyst, contract):
    page = region_page(analyst).text

    table = page.partition('id="valeurs"')[2].partition("</details>")[0]
    assert page.count('href="#valeurs"') == len(DEFINITIONS)
    assert "10,0\u00a0%" in table
    assert "n.\u00a0s." in table.partition("août 2026")[2].partition("</tr>")[0]


def test_the_map_leads_to_the_table_of_regions(analyst, contract):
    page = analyst.get(reverse("reporting:national"), OCTOBER).text

    assert (page.count('href="#regions"'), page.count('id="regions"')) == (1, 1)


def test_a_line_of_too_few_is_drawn_over_twelve_months(analyst, contract):
    """Three months of nine answers say nothing; the twelve months to each do, and the title says so."""
    KpiValue.objects.filter(period_kind="MONTH").update(numerator=1, denominator=9)
    for rank in range(36):
        month = date(2024 + rank // 12, rank % 12 + 1, 1)
        if month not in (date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)):
            KpiValueFactory(
                kpi="no_show_rate",
                contract=contract,
                region=contract.lot.regions.get(),
                numerator=1,
                denominator=9,
                period_starts_on=month,
            )

    page = region_page(analyst)

    chart = next(chart for chart in page.context["trends"] if "honorés" in chart.title)
    assert chart.title == "Rendez-vous non honorés, sur 12 mois"
    assert dict(row[:2] for row in chart.table.rows)["oct. 2026"] == "12,5\u00a0%"
    assert chart.table.headers == ("Mois", "Bretagne", "France")
    assert "Non honorés, 12 mois" in page.context["headers"]
    october = page.text.partition('id="valeurs"')[2].partition("oct. 2026")[2].partition("</tr>")[0]
    assert "12,5\u00a0%" in october
