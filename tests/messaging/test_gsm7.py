import pytest
from hypothesis import given
from hypothesis import strategies as st

from cep_portal.messaging.rules import gsm7


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Forêt, île, hôpital, sûr, Noël, maïs, façade", "Foret, ile, hopital, sur, Noel, mais, facade"),
        ("élève à 9 h, où", "élève à 9 h, où"),
        ("L’œuvre « bleue » – suite…", 'L\'oeuvre "bleue" - suite...'),
        ("À Évry, ÊTRE", "A Évry, ETRE"),
        ("12\u202f345\u00a0€", "12 345 €"),
    ],
)
def test_french_is_said_in_the_alphabet_of_sms(text, said):
    assert gsm7.transliterated(text) == said
    assert gsm7.is_gsm7(said)


def test_sign_without_likeness_stays_and_is_seen():
    assert gsm7.transliterated("Ж") == "Ж"
    assert gsm7.is_gsm7("Ж") is False
    assert gsm7.sayable("Site Ж d’Évry") == "Site  d'Évry"


def test_extended_signs_count_twice():
    assert (gsm7.septets("abc"), gsm7.septets("a€[]")) == (3, 7)


def test_name_is_cut_at_a_word():
    assert gsm7.shortened("Maison de l'emploi du bassin rennais", 24) == "Maison de l'emploi du."
    assert gsm7.shortened("Rennes", 24) == "Rennes"


@given(st.text(max_size=80), st.integers(min_value=4, max_value=60))
def test_whatever_the_name_it_fits_and_can_be_said(name, room):
    cut = gsm7.shortened(gsm7.sayable(name), room)

    assert gsm7.is_gsm7(cut)
    assert gsm7.septets(cut) <= room
