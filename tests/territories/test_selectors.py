from datetime import date

import pytest

from cep_portal.territories import selectors
from tests.factories.territories import (
    DepartmentFactory,
    EmployedPopulationFactory,
    PublicHolidayFactory,
    RegionFactory,
)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("st denis", ["97411", "93066"]),
        ("Saint-D", ["97411", "93066"]),
        ("93200", ["93066"]),
        ("93200 saint denis", ["93066"]),
        ("974", ["97411"]),
        ("13016", ["13055"]),
        ("mans", ["72181"]),
        ("Marseile", ["13055"]),
        ("rênne", ["35238"]),
        ("reines", ["35238"]),
        ("35200 renes", ["35238"]),
        ("35200 marseille", []),
        ("97150", []),
        ("x", []),
        ("", []),
        ("%", []),
    ],
)
def test_search_finds(towns, text, codes):
    assert [commune.code for commune in selectors.search_communes(text)] == codes


def test_search_respects_limit(towns):
    assert [commune.code for commune in selectors.search_communes("saint denis", limit=1)] == ["97411"]


def test_search_answers_come_with_department_and_region(towns, django_assert_num_queries):
    communes = selectors.search_communes("saint denis")

    with django_assert_num_queries(0):
        labels = [(commune.label, commune.department.region.name) for commune in communes]

    assert labels == [
        ("Saint-Denis – La Réunion (974)", "La Réunion"),
        ("Saint-Denis – Seine-Saint-Denis (93)", "Bretagne"),
    ]


def test_postcode_outside_the_regions_is_named():
    assert selectors.outside_collectivity("97150") == "Saint-Martin"
    assert selectors.outside_collectivity("97400") is None


def test_holidays_are_those_of_the_department(db):
    rhine, brittany = DepartmentFactory(bas_rhin=True), DepartmentFactory()
    good_friday = date(2026, 4, 3)
    PublicHolidayFactory(department=rhine, day=good_friday, name="Vendredi saint")
    PublicHolidayFactory(department=brittany, day=date(2026, 4, 6), name="Lundi de Pâques")
    PublicHolidayFactory(department=brittany, day=date(2026, 4, 7), name="Usage", is_legal=False)

    assert selectors.holidays(department="67", starts=good_friday, ends=good_friday) == {
        good_friday: "Vendredi saint"
    }
    assert selectors.holidays(department="35", starts=good_friday, ends=good_friday) == {}
    assert selectors.holidays(department="35", starts=date(2026, 4, 7), ends=date(2026, 4, 7)) == {}
    assert selectors.holidays(department="35", starts=date(2026, 4, 1), ends=date(2026, 4, 30)) == {
        date(2026, 4, 6): "Lundi de Pâques"
    }


def test_employed_population_is_the_newest_known_then(db):
    brittany, reunion = RegionFactory(), RegionFactory(reunion=True)
    EmployedPopulationFactory(region=brittany, year=2021, total=1_458_000)
    EmployedPopulationFactory(region=brittany, year=2024, total=1_500_000)
    EmployedPopulationFactory(region=reunion, year=2021, total=322_300)

    def totals(**wanted):
        return [(row.region_id, row.year, row.total) for row in selectors.employed_population(**wanted)]

    assert totals() == [("04", 2021, 322_300), ("53", 2024, 1_500_000)]
    assert totals(year=2023) == [("04", 2021, 322_300), ("53", 2021, 1_458_000)]
    assert totals(region_codes=["04"]) == [("04", 2021, 322_300)]
