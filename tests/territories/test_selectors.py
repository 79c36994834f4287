from datetime import date

import pytest

from cep_portal.territories import selectors
from cep_portal.territories.enums import PlaceKind
from cep_portal.territories.models import Commune
from tests.factories.territories import (
    CommuneFactory,
    DepartmentFactory,
    EmployedPopulationFactory,
    PlaceNameFactory,
    PublicHolidayFactory,
    RegionFactory,
)


@pytest.mark.parametrize(
    ("text", "codes", "is_certain"),
    [
        ("st denis", ["97411", "93066"], False),
        ("Saint-D", ["97411", "93066"], False),
        ("93200", ["93066"], True),
        ("93200 saint denis", ["93066"], True),
        ("974", ["97411"], False),
        ("13016", ["13055"], True),
        ("mans", ["72181"], False),
        ("Marseile", ["13055"], False),
        ("rênne", ["35238"], False),
        ("reines", ["35238"], False),
        ("35200 renes", ["35238"], False),
        ("35200 marseille", ["13055", "35238"], False),
        ("35093", ["35238", "13055", "72181", "49244"], False),  # CEDEX: the town of the same digits first
        ("bretagne", ["13055", "35238", "93066", "72181", "49244"], False),
        ("97150", [], False),
        ("x", [], False),
        ("", [], False),
        ("%", [], False),
    ],
)
def test_look_up(towns, text, codes, is_certain):
    lookup = selectors.look_up(text)

    assert ([commune.code for commune in lookup.communes], lookup.certain is not None) == (codes, is_certain)


def test_answers_come_with_department_and_region(towns, django_assert_num_queries):
    matches = selectors.look_up("saint denis").matches

    with django_assert_num_queries(0):
        labels = [(match.label, match.commune.department.region.name) for match in matches]

    assert labels == [
        ("Saint-Denis – La Réunion (974)", "La Réunion"),
        ("Saint-Denis – Seine-Saint-Denis (93)", "Bretagne"),
    ]


def test_larger_commune_of_the_same_beginning_is_a_question(towns):
    small = CommuneFactory(code="51169", name="Corbeil", search_name="corbeil", population=100)
    large = CommuneFactory(
        code="91174", name="Corbeil-Essonnes", search_name="corbeil essonnes", population=52_000
    )

    asked, sure = selectors.look_up("Corbeil"), selectors.look_up("corbeil essonnes")

    assert (asked.communes, asked.certain) == ([large, small], None)
    assert sure.certain == large


def test_former_name_leads_to_the_commune_of_today(towns):
    PlaceNameFactory(commune=towns["metropolitan"])

    lookup, misspelt = selectors.look_up("Pierrefitte s/ Seine"), selectors.look_up("Pierrefite sur Seine")

    assert lookup.certain == towns["metropolitan"]
    assert (misspelt.certain, [match.label for match in misspelt.matches]) == (
        None,
        ["Saint-Denis – Seine-Saint-Denis (93), pour Pierrefitte-sur-Seine"],
    )


def test_district_of_a_large_city_is_that_city(towns):
    PlaceNameFactory(
        commune=Commune.objects.get(pk="13055"),
        name="Marseille 8e Arrondissement",
        search_name="marseille 8",
        kind=PlaceKind.MUNICIPAL,
    )

    for text in ("Marseille 8", "Marseille 08", "marseille VIIIe", "8e arrondissement de Marseille"):
        assert selectors.look_up(text).certain.code == "13055"


def test_place_outside_the_regions_is_named():
    assert selectors.look_up("97150").outside.name == "Saint-Martin"
    assert selectors.look_up("98 800 Nouméa").outside.name == "Nouvelle-Calédonie"


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
