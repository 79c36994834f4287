"""A file of a thousand lines, three of them wrong: sent, mended, sent again, by a real browser and worker."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from cep_portal.accounts.enums import Role
from operators.casework.pathways.models import CounsellingSession
from tests.factories.accounts import UserFactory
from tests.factories.deliveries import Software, csv_of
from tests.journeys.test_whole_road import sign_in
from tests.journeys.world import HASHED, build_world

pytestmark = [pytest.mark.journey, pytest.mark.slow]
FIRST = datetime(2026, 2, 9, 8, 0, tzinfo=ZoneInfo("Europe/Paris"))
WRONG = {100: {"niveau": "SIX"}, 500: {"duree_minutes": "mille"}, 900: {"themes": ""}}


@pytest.fixture
def operator(transactional_db):
    adviser = build_world(past_people=0).adviser
    site = adviser.site
    return Software(site.contract.holder, site, adviser, site.commune_id)


def a_thousand(operator) -> list[dict[str, str]]:
    return [
        operator.session(
            id=f"S-{number}",
            personne=f"P-{number}",
            parcours=f"A-{number}",
            date_heure=(FIRST + timedelta(hours=number)).isoformat(),
            **WRONG.get(number, {}),
        )
        for number in range(1000)
    ]


@pytest.mark.parametrize("javascript", [True, False])
def test_three_lines_of_a_thousand_are_mended_and_sent_again(stack, visitor, operator, tmp_path, javascript):
    manager = UserFactory(
        role=Role.OPERATOR_MANAGER, role__organisation=operator.organisation, password=HASHED
    )
    sent = tmp_path / "mars.csv"
    sent.write_text(csv_of(*a_thousand(operator)), encoding="utf-8")
    page = visitor(javascript=javascript)
    sign_in(page, manager)
    page.goto("/bureau/remontees/")

    page.get_by_label("Fichier").set_input_files(sent)
    page.get_by_role("button", name="Envoyer").click()

    expect(page.get_by_role("heading", name="À corriger")).to_be_visible(timeout=30_000)
    assert CounsellingSession.objects.count() == 997
    with page.expect_download() as download:
        page.get_by_role("link", name="Lignes refusées (CSV)").click()
    mended = tmp_path / "corrige.csv"
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert text.count("\n") == 4
    lines = [line.replace("SIX", "TWO").replace(";mille;", ";55;") for line in text.splitlines()]
    lines = [line.replace(";;PERSON_ACTS", ";PROJECT;PERSON_ACTS") for line in lines]
    mended.write_text("\n".join(lines), encoding="utf-8")

    page.goto("/bureau/remontees/")
    page.get_by_label("Fichier").set_input_files(mended)
    page.get_by_role("button", name="Envoyer").click()

    expect(page.get_by_text("Toutes les lignes sont prises")).to_be_visible(timeout=30_000)
    assert CounsellingSession.objects.count() == 1000
