"""A manager's lot: the figures France compétences reads, and a place among lots nobody names."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from cep_portal.accounts.enums import Role
from procurement.tender.enums import LotKind
from reporting.kpis.rules.definitions import DEFINITIONS
from tests.factories.accounts import UserFactory
from tests.factories.procurement import ContractFactory, LotFactory
from tests.factories.reporting import KpiRunFactory, KpiValueFactory
from tests.factories.territories import RegionFactory

pytestmark = pytest.mark.django_db
OCTOBER = {"periode": "2026-10"}


def region(number):
    return RegionFactory(code=str(60 + number), name=f"Région {number}")


def value(run, contract, where, *, kpi="no_show_rate", counts=(10, 100), **details):
    KpiValueFactory(
        run=run,
        kpi=kpi,
        contract=contract,
        region=where,
        numerator=counts[0],
        denominator=counts[1],
        **details,
    )


def over_a_year(run, contract, where, **details):
    """The twelve months to October 2026, over which lots are ranked."""
    value(run, contract, where, period_kind="ROLL", period_starts_on=date(2025, 11, 1), **details)


def own_page(client, contract, query=OCTOBER):
    user = UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=contract.holder)
    client.force_login(user)
    return client.get(reverse("reporting:lot"), {**query, "lot": str(contract.uuid)})


def standings(response):
    return {line.figure.definition.code: line.standing for line in response.context["lines"] if line.standing}


def lots(run, *missed, kpi="no_show_rate", under=100, **details):
    """One lot a region; the first is the manager's own."""
    contracts = []
    for number, count in enumerate(missed):
        where = region(number)
        contracts.append(ContractFactory(lot=LotFactory(regions=[where])))
        value(run, contracts[-1], where, kpi=kpi, counts=(count, under), **details)
        over_a_year(run, contracts[-1], where, kpi=kpi, counts=(count, under))
    return contracts


def test_figures_of_a_lot_are_those_france_competences_reads(client):
    run, where = KpiRunFactory(), RegionFactory()
    own = ContractFactory(lot__regions=[where])
    counts = {
        "entries": (240, None),
        "active_beneficiaries": (500, None),
        "uptake_rate": (240, 1_500_000),
        "level_two_share": (150, 500),
        "first_appointment_days": (2_410, 230),
        "no_show_rate": (31, 420),
        "satisfaction_rate": (188, 207),
    }
    for kpi, pair in counts.items():
        value(run, own, where, kpi=kpi, counts=pair)
        value(run, own, where, kpi=kpi, counts=pair, period_starts_on=date(2025, 10, 1))

    shown = own_page(client, own)
    client.force_login(UserFactory(role=Role.ANALYST))
    analyst = client.get(reverse("reporting:region", args=[where.pk]), OCTOBER)
    national = client.get(reverse("reporting:national"), OCTOBER)

    mine, theirs = shown.context["report"], analyst.context["report"]
    row = next(row for row in national.context["rows"] if row.region == where)
    assert set(mine.figures) == set(counts) == set(DEFINITIONS)
    assert mine.figures == theirs.figures == row.figures
    assert mine.series == theirs.series


def test_rank_counts_the_lots_that_do_better(client):
    own, *_ = lots(KpiRunFactory(), 12, 5, 9, 15, 20, 30)

    response = own_page(client, own)

    assert standings(response) == {"no_show_rate": "3e sur 6"}
    line = next(line for line in response.context["lines"] if line.position)
    assert line.quarter is None


@pytest.mark.parametrize(
    ("own_count", "said", "badge"),
    [
        (1, "1er sur 5", ("premier quart", "success")),
        (5, "1er ex æquo sur 5", ("premier quart", "success")),
        (40, "5e sur 5", ("dernier quart", "warning")),
    ],
)
def test_best_is_first_whatever_the_direction(client, own_count, said, badge):
    own, *_ = lots(KpiRunFactory(), own_count, 5, 9, 15, 20)

    response = own_page(client, own)

    line = next(line for line in response.context["lines"] if line.position)
    assert (line.standing, line.quarter) == (said, badge)


def test_higher_is_first_when_the_indicator_wishes_so(client):
    own, *_ = lots(KpiRunFactory(), 95, 80, 85, 90, 70, kpi="satisfaction_rate")

    assert standings(own_page(client, own)) == {"satisfaction_rate": "1er sur 5"}


def test_indicator_without_a_wish_is_ranked_without_praise(client):
    own, *_ = lots(KpiRunFactory(), 50, 30, 35, 40, 45, kpi="level_two_share")

    response = own_page(client, own)

    assert standings(response) == {"level_two_share": "1er plus haut sur 5"}
    assert "premier quart" not in response.text


def test_count_has_no_rank_since_lots_differ_in_size(client):
    own, *_ = lots(KpiRunFactory(), 95, 80, 85, 90, 70, kpi="entries", under=None)

    assert standings(own_page(client, own)) == {}


@pytest.mark.parametrize("spoiled", ["fragile", "overseas", "none"])
def test_lot_that_may_not_be_shown_is_not_counted_and_four_are_too_few(client, spoiled):
    run = KpiRunFactory()
    own, *_, last = lots(run, 12, 5, 9, 15, 20)
    if spoiled == "fragile":
        run.values.filter(contract=last).update(numerator=2, denominator=29)
    elif spoiled == "none":
        run.values.filter(contract=last).update(numerator=0, denominator=0)
    else:
        last.lot.lot_regions.all().delete()
        last.lot.kind = LotKind.OVERSEAS_BACKUP
        last.lot.save()

    assert standings(own_page(client, own)) == {}


def test_own_small_number_has_no_rank(client):
    own, *_ = lots(KpiRunFactory(), 2, 5, 9, 15, 20, 22)
    own.kpi_values.update(denominator=29)

    assert standings(own_page(client, own)) == {}


def test_page_names_no_other_lot_nor_tells_its_figure(client):
    own, *others = lots(KpiRunFactory(), 7_777, 5_333, 6_111, 6_999, 8_121, under=9_999)

    text = own_page(client, own).text

    said = " ".join([strip_tags(text), *re.findall(r'(?:aria-label|title|alt|content)="([^"]*)"', text)])
    numbers = {"".join(run.split()) for run in re.findall(r"(?<![\w-])\d+(?:\s\d{3})*(?![\w-])", said)}
    told = [*(str(other.lot) for other in others), *(other.holder.name for other in others)]
    assert [name for name in told if name in text] == []
    assert "9999" in numbers  # its own base: numbers are read as they are said
    assert numbers & {"5333", "6111", "6999", "8121"} == set()


def test_running_month_moves_no_rank(client):
    """Lots are ranked on twelve months that are over."""
    month = timezone.localdate().replace(day=1)
    own, *_ = lots(KpiRunFactory(), 12, 5, 9, 15, 20, period_starts_on=month)

    response = own_page(client, own, {"periode": f"{month:%Y-%m}"})

    assert response.context["report"].figures["no_show_rate"].cell.numerator == 12
    assert standings(response) == {"no_show_rate": "3e sur 5"}


@pytest.mark.parametrize("count", [1, 4])
def test_query_count_is_constant_whatever_the_lots(client, django_assert_num_queries, count):
    own, *_ = lots(KpiRunFactory(), *range(10, 10 + count * 5))
    user = UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=own.holder)
    client.force_login(user)

    with django_assert_num_queries(8):  # session, user, mandate, contracts, run, values, targets, other lots
        response = client.get(reverse("reporting:lot"), OCTOBER)

    assert standings(response)["no_show_rate"].endswith(f"sur {count * 5}")
