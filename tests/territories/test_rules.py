import csv

import pytest

from cep_portal.territories.rules import OUTSIDE_POSTCODES, distance_km, fold_name
from cep_portal.territories.services import DATA
from tests.factories.territories import CommuneFactory


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("L’Haÿ-les-Roses", "l hay les roses"),
        ("L'Haÿ-les-Roses", "l hay les roses"),
        ("St-Denis", "saint denis"),
        ("STE   MARIE", "sainte marie"),
        ("Œuilly", "oeuilly"),
        ("Stains", "stains"),
        (" 93200  Saint-Denis ", "93200 saint denis"),
        ("😀", ""),
    ],
)
def test_fold_name(name, folded):
    assert fold_name(name) == folded


def test_distance_between_rennes_and_strasbourg():
    rennes, strasbourg = CommuneFactory.build(), CommuneFactory.build(longitude=7.7521, latitude=48.5734)

    assert round(distance_km(rennes, strasbourg)) == 699
    assert distance_km(rennes, rennes) == 0


def test_outside_postcodes_are_those_of_the_file():
    with (DATA / "overseas_collectivities.csv").open(encoding="utf-8") as file:
        listed = {row["postal_codes"]: row["name"] for row in csv.DictReader(file)}

    assert listed == OUTSIDE_POSTCODES
