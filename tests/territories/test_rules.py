import csv

import pytest

from cep_portal.territories.reference import DATA, OUTSIDE_PLACES
from cep_portal.territories.rules import distance_km, fold_name, is_near, likely_errors, read_place
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


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("38043 Grenoble cedex 9", ("grenoble", "38043", "")),
        ("Paris cedex 08", ("paris", "", "")),
        ("Paris 12", ("paris", "12", "12")),
        ("75012 Paris 12e arrondissement", ("paris", "75012", "12")),
        ("93 200 St-Denis", ("saint denis", "93200", "")),
        ("Bastia (2B)", ("bastia", "2B", "")),
        ("F-35000 Rennes", ("rennes", "35000", "")),
        ("Rennes, France", ("rennes", "", "")),
        ("Île-de-France", ("ile de france", "", "")),
    ],
)
def test_typed_place(text, read):
    place = read_place(text)

    assert (place.words, place.number, place.district) == read


@pytest.mark.parametrize(
    ("typed", "name", "errors"),
    [
        ("renes", "rennes", 1),
        ("starsbourg", "strasbourg", 1),
        ("mets", "metz", 1),
        ("evri", "evry courcouronnes", 1),
        ("lhay les roses", "l hay les roses", 0),
        ("la defense", "la devise", None),
        ("rennes", "nantes", None),
    ],
)
def test_likely_errors(typed, name, errors):
    assert likely_errors(typed, name) == errors


def test_nobody_is_sent_over_a_hundred_kilometres_nor_over_the_sea():
    rennes = CommuneFactory.build(department_id="35")
    nantes = CommuneFactory.build(code="44109", department_id="44", longitude=-1.55, latitude=47.22)
    brest = CommuneFactory.build(code="29019", department_id="29", longitude=-4.49, latitude=48.39)
    quiberon = CommuneFactory.build(code="56186", department_id="56", longitude=-3.12, latitude=47.48)
    palais = CommuneFactory.build(code="56152", department_id="56", longitude=-3.15, latitude=47.35)
    sauzon = CommuneFactory.build(code="56241", department_id="56", longitude=-3.22, latitude=47.37)

    assert is_near(rennes, nantes)
    assert not is_near(rennes, brest)
    assert not is_near(palais, quiberon)
    assert is_near(palais, sauzon)


def test_outside_postcodes_are_those_of_the_file():
    with (DATA / "overseas_collectivities.csv").open(encoding="utf-8") as file:
        listed = {row["name"]: (row["postal_codes"],) for row in csv.DictReader(file)}

    assert {place.name: place.postcodes for place in OUTSIDE_PLACES if place.name in listed} == listed
