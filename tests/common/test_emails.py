import pytest
from hypothesis import given
from hypothesis import strategies as st

from cep_portal.common.emails import LIKELY, likely, problem


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lea@gmial.com", "lea@gmail.com"),
        ("lea@gmail.con", "lea@gmail.com"),
        ("lea@gmail.fr", "lea@gmail.com"),
        ("lea@gmail.co", "lea@gmail.com"),
        ("lea@gmail", "lea@gmail.com"),
        ("lea@gmailcom", "lea@gmail.com"),
        ("lea@gmal.fr", "lea@gmail.com"),
        ("Lea@GMIAL.COM", "Lea@gmail.com"),
        ("lea@hotmail.fe", "lea@hotmail.fr"),
        ("lea@hotmail.cm", "lea@hotmail.com"),
        ("lea@hotmial.fr", "lea@hotmail.fr"),
        ("lea@orange.ft", "lea@orange.fr"),
        ("lea@ornage.fr", "lea@orange.fr"),
        ("lea@wanado.fr", "lea@wanadoo.fr"),
        ("lea@wanadoo.ft", "lea@wanadoo.fr"),
        ("lea@laposte.fr", "lea@laposte.net"),
        ("lea@la-poste.net", "lea@laposte.net"),
        ("lea@yaho.fr", "lea@yahoo.fr"),
        ("lea@fre.fr", "lea@free.fr"),
        ("lea@srf.fr", "lea@sfr.fr"),
        ("lea@outlok.fr", "lea@outlook.fr"),
        ("lea@icloud.fr", "lea@icloud.com"),
        ("lea@dupont.con", "lea@dupont.com"),
        ("lea@mairie-rennes.ft", "lea@mairie-rennes.fr"),
        ("lea@gmail,com", "lea@gmail.com"),
        ("léa@gmail.com", "lea@gmail.com"),
        ("lea..m@free.fr", "lea.m@free.fr"),
        ("lea@gmail.com.", "lea@gmail.com"),
        ("lea@free. fr", "lea@free.fr"),
        ("lea@@free.fr", "lea@free.fr"),
        ("lea.gmail.com", "lea@gmail.com"),
    ],
)
def test_likely_error_proposes_what_was_meant(typed, meant):
    assert likely(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        *(f"lea@{name}.{ending}" for name, endings in LIKELY.items() for ending in endings),
        "lea@hotmail.co.uk",
        "lea@hotmail.it",
        "lea@yahoo.es",
        "lea@orange.re",
        "lea@orange.com",
        "lea@mail.com",
        "lea@email.com",
        "lea@ymail.com",
        "lea@love.fr",
        "lea@tree.fr",
        "lea@dupont-menuiserie.fr",
        "lea@mairie.nc",
        "lea@entreprise.cm",
        "lea@personnes.example",
        "lea martin@free.fr",
        "",
        "lea",
    ],
)
def test_address_that_stands_is_not_doubted(typed):
    assert likely(typed) == ""


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("léa@free.fr", "sans accent"),
        ("lea@free,fr", "une virgule"),
        ("lea@free..fr", "deux points de suite"),
        ("lea martin@free.fr", "un espace"),
        ("lea.free.fr", "Il manque le signe @"),
        ("lea@free@fr", "deux fois le signe @"),
        ("lea@free.fr.", "finit par un point"),
        (".lea@free.fr", "Un point est mal placé"),
        ("lea.@free.fr", "Un point est mal placé"),
        ("lea@", "Il manque la fin"),
        ("@free.fr", "Il manque le début"),
        ("lea@free", "Il manque la fin"),
        ("lea(at)free@x.fr", "un signe de trop"),
    ],
)
def test_each_fault_has_its_own_words(typed, words):
    assert words in problem(typed)


@pytest.mark.parametrize(
    "typed", [" lea@free.fr ", "ｌｅａ＠free.fr", "lea\u200b@free.fr", "o'brien+cep@a-b.co.uk"]
)
def test_what_nobody_means_to_write_is_forgiven(typed):
    assert problem(typed) == ""


@given(st.text(max_size=40))
def test_a_proposal_is_well_formed_and_never_proposed_about(typed):
    proposed = likely(typed)

    assert not proposed or (problem(proposed), likely(proposed)) == ("", "")
