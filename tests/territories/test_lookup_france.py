"""The commune field on the whole of France: what is certain, what is asked, what never comes (ADR 0049)."""

import random

import pytest

from cep_portal.territories.models import Commune, PlaceName
from cep_portal.territories.rules import fold_name, name_key
from cep_portal.territories.rules.names import readings
from cep_portal.territories.selectors import look_up
from cep_portal.territories.services import load_territories

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

CERTAIN = {
    "Rennes": "35238",
    "RENNES": "35238",
    "75011": "75056",
    "93210": "93066",
    "L’Haÿ-les-Roses": "94038",
    "l hay les roses": "94038",
    "lhay-les-roses": "94038",
    "Le Mans": "72181",
    "Y": "80829",
    "LES BORDES-SUR-LEZ": "09062",
    "Vitry s/ Seine": "94081",
    "Vitry s/Seine": "94081",
    "Fontenay s/s Bois": "94033",
    "FONTENAY SS BOIS": "94033",
    "Fontenay s/ Bois": "94033",
    "Villeneuve lez Avignon": "30351",
    "St Etienne": "42218",
    "Ste Geneviève des Bois 91": "91549",
    "Évry Courcouronnes": "91228",
    "Clermont Ferrand": "63113",
    "Pierrefitte-sur-Seine": "93066",
    "Pierrefitte s/ Seine": "93066",
    "Cran-Gevrier": "74010",
    "Lomme": "59350",
    "Paris": "75056",
    "Paris 12": "75056",
    "Paris 01": "75056",
    "Paris-12": "75056",
    "Paris 12e": "75056",
    "PARIS 8EME": "75056",
    "Paris 12e arrondissement": "75056",
    "Paris 12e Arrondissement": "75056",
    "12e arrondissement de Paris": "75056",
    "Paris XIIe": "75056",
    "75012 Paris 12": "75056",
    "Lyon 3e": "69123",
    "Lyon 3": "69123",
    "Lyon IIIe": "69123",
    "Marseille 8": "13055",
    "Marseille 1er": "13055",
    "38043 Grenoble cedex": "38185",
    "38043 Grenoble Cedex 9": "38185",
    "Grenoble cedex 9": "38185",
    "GRENOBLE CEDEX": "38185",
    "Paris cedex 08": "75056",
    "Clermont Oise": "60157",
    "Saint-Denis de la Réunion": "97411",
    "Saint-Denis (974)": "97411",
    "Saint-Denis 93": "93066",
    "93 200 Saint-Denis": "93066",
    "F-35000 Rennes": "35238",
    "51 Corbeil": "51169",
    "Bastia 2B": "2B033",
    "Saint-Pierre Martinique": "97225",
}
# What is asked, with the first of the choices.
ASKED = {
    "Corbeil": "91174",
    "Evry": "91228",
    "Évry": "91228",
    "Evri": "91228",
    "Corbeil 91": "91174",
    "Clermont": "63113",
    "Boulogne": "92012",
    "Mans": "72181",
    "Mans (Le)": "72181",
    "havre": "76351",
    "Renn": "35238",
    "Renes": "35238",
    "Marseile": "13055",
    "Starsbourg": "67482",
    "Lion": "69123",
    "Mets": "57463",
    "Toulousse": "31555",
    "Aix en Provance": "13001",
    "Sant Denis": "97411",
    "Saint-Denis": "97411",
    "La Rochelle": "17300",
    "Mayotte": "97611",
    "Mayote": "97611",
    "La Réunion": "97411",
    "Réunion": "97411",
    "Guadeloupe": "97101",
    "Guadeloup": "97101",
    "Bretagne": "35238",
    "Isère": "38185",
    "Ile de France": "75056",
    "Île-de-France": "75056",
    "PACA": "13055",
    "Alsace": "67482",
    "Corse": "2A004",
    "38043": "38185",
    "38043 Rennes": "35238",
    "35200 Marseille": "13055",
    "75011 Lyon": "69123",
    "91100 Corbeil": "91174",
    "974": "97411",
    "La Défense": "92050",
    "92042 Paris La Défense cedex": "92050",
    "Lille Lomme": "59350",
    "commune de Rennes": "35238",
}
OUTSIDE = {
    "Miquelon": "Saint-Pierre-et-Miquelon",
    "Saint-Pierre-et-Miquelon": "Saint-Pierre-et-Miquelon",
    "97500": "Saint-Pierre-et-Miquelon",
    "97150 Saint-Martin": "Saint-Martin",
    "Saint-Barth": "Saint-Barthélemy",
    "98800 Nouméa": "Nouvelle-Calédonie",
    "Nouvelle Calédonie": "Nouvelle-Calédonie",
    "Tahiti": "Polynésie française",
    "Wallis et Futuna": "Wallis-et-Futuna",
    "Genève": "Suisse",
    "Luxembourg": "Luxembourg",
    "Monaco": "Monaco",
}
NEVER = {
    "La Défense": {"02256"},
    "Mayotte": {"02472"},
    "Miquelon": {"50647"},
}


@pytest.fixture
def france(db):
    load_territories()


def certain(text):
    return getattr(look_up(text).certain, "code", None)


def first(text):
    lookup = look_up(text)
    return "certain" if lookup.certain else next((commune.code for commune in lookup.communes), None)


def codes(text):
    return {commune.code for commune in look_up(text).communes}


def test_typed_places_of_france(france):
    assert {text: certain(text) for text in CERTAIN} == CERTAIN
    assert {text: first(text) for text in ASKED} == ASKED
    outside = {text: look_up(text) for text in OUTSIDE}
    assert {text: getattr(lookup.outside, "name", None) for text, lookup in outside.items()} == OUTSIDE
    assert not [text for text, lookup in outside.items() if lookup.certain]
    assert {text: codes(text) & never for text, never in NEVER.items()} == {text: set() for text in NEVER}
    # Words first, the number's after.
    asked = [commune.code for commune in look_up("35200 Marseille").communes]
    assert (asked[0], asked[-1]) == ("13055", "35238")
    assert {"38185", "35238"} <= codes("38043 Rennes")


def misled(names):
    """The names that lead elsewhere, or to a question that leaves their commune out; as people type them."""
    typed = random.Random(49)
    wrong = []
    for code, name in names:
        text = typed.choice([name, name, name.upper(), name.replace("-", " "), name.replace("’", "'")])
        lookup = look_up(text)
        if lookup.certain.code != code if lookup.certain else code not in codes_of(lookup):
            wrong.append((text, code))
    return wrong


def test_every_name_is_itself_or_a_question_that_holds_it(france):
    """All towns, one former name in eight, one in forty of the smaller communes.

    All 37,458 are walked by `misled(Commune.objects.values_list("pk", "name"))` in a shell.
    """
    rows = list(Commune.objects.order_by("pk").values_list("pk", "name", "population"))
    drawn = random.Random(8)
    names = [(code, name) for code, name, people in rows if people > 5000 or drawn.randrange(40) == 0]
    names += list(PlaceName.objects.order_by("pk").values_list("commune", "name"))[::8]

    assert misled(names) == []


def codes_of(lookup):
    return {commune.code for commune in lookup.communes}


def test_a_typing_error_is_always_a_question(france):
    """One letter dropped, doubled or swapped: another commune only when it bears that name.

    « sr » and « s » are read « sur », « sous »: what an abbreviation spells in full is no error.
    """
    drawn = random.Random(7)
    rows = list(Commune.objects.order_by("pk").values_list("search_name", flat=True))
    known = set(rows) | set(PlaceName.objects.values_list("search_name", flat=True))
    keys = {name.replace(" ", "") for name in known}
    guessed = []
    for name in drawn.sample([name for name in rows if len(name) > 4], 120):
        place = drawn.randrange(1, len(name) - 1)
        text = drawn.choice(
            [
                name[:place] + name[place + 1 :],
                name[:place] + name[place] + name[place:],
                name[: place - 1] + name[place] + name[place - 1] + name[place + 1 :],
            ]
        )
        lookup = look_up(text)
        spelt = {name_key(reading) for reading in readings(fold_name(text))}
        if lookup.certain and not spelt & keys:
            guessed.append((text, lookup.certain.name))

    assert guessed == []
