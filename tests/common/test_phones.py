import pytest
from hypothesis import given
from hypothesis import strategies as st

from cep_portal.common.phones import (
    PhoneRefused,
    dialled,
    kept,
    mobile,
    national,
    no_sms,
    phone,
    read,
)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("07.12.34.56.78", "+33712345678"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "+33612345678"),
        ("0033612345678", "+33612345678"),
        ("0639 12 34 56", "+262639123456"),  # Mayotte
        ("06 39 98 00 01", "+33639980001"),  # kept for fiction
        ("0690 12 34 56", "+590690123456"),  # Guadeloupe
        ("0691 12 34 56", "+590691123456"),
        ("+590 690 12 34 56", "+590690123456"),
        ("0694 12 34 56", "+594694123456"),  # Guyane
        ("0696 12 34 56", "+596696123456"),  # Martinique
        ("0697 12 34 56", "+596697123456"),
        ("0692 12 34 56", "+262692123456"),  # La Réunion
        ("0693 12 34 56", "+262693123456"),
        ("+262 692 12 34 56", "+262692123456"),
        ("+33 690 12 34 56", "+590690123456"),  # the right code, whatever was typed
        ("0709 00 12 34", "+590709001234"),  # the ranges of 2023
        ("0709 10 12 34", "+596709101234"),
        ("0709 20 12 34", "+262709201234"),
        ("0709 30 12 34", "+594709301234"),
        ("0708 40 12 34", "+508708401234"),  # Saint-Pierre-et-Miquelon
        ("+508 55 01 23", "+508708550123"),
        ("33612345678", "+33612345678"),
        ("٠٦١٢٣٤٥٦٧٨", "+33612345678"),
        ("０６　１２　３４　５６　７８", "+33612345678"),
    ],
)
def test_mobile_of_each_plan_is_reached(typed, number):
    assert mobile(typed) == number


@pytest.mark.parametrize(
    "typed",
    [
        "02 61 91 00 00",
        "+33 1 42 00 00 00",
        "0262 12 34 56",
        "+590 590 12 34 56",
        "0800 00 00 00",
        "09 70 00 00 00",
    ],
)
def test_landline_gets_no_sms_rdv_sp_pr_5283(typed):
    assert mobile(typed) is None
    assert no_sms(typed) == "C’est un numéro fixe : il ne reçoit pas de SMS."


@pytest.mark.parametrize("typed", ["", "06 12", "+44 7911 123456", "00 12 34 56 78", "appelez-moi", "+33"])
def test_what_is_no_french_number_is_neither(typed):
    assert (national(typed), mobile(typed)) == (None, None)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("06 12 34 56 7", "compte dix chiffres : il en manque 1."),
        ("06 12 34", "compte dix chiffres : il en manque 4."),
        ("06 12 34 56 78 9", "compte dix chiffres : il y en a 1 de trop."),
        ("06 12 34 56 78 90 12", "compte dix chiffres : il y en a 4 de trop."),
        ("612345678", "compte dix chiffres : il en manque 1, peut-être le 0 du début."),
        ("+33 6 12 34 56", "Après +33, un numéro français compte neuf chiffres : il en manque 2."),
        ("+262 692 12 34 56 7", "Après +262, un numéro français compte neuf chiffres : il y en a 1 de trop."),
        ("1234567890", "Un numéro français commence par 0."),
        ("39 49", "Un numéro français commence par 0."),
        ("appelez-moi", "Un numéro s’écrit avec des chiffres."),
        ("", "Un numéro s’écrit avec des chiffres."),
        ("06 12 34 56 78 ou 79", "Un numéro s’écrit avec des chiffres."),
        ("+32 470 12", "Ce numéro en +32 est incomplet : il manque des chiffres."),
        ("+32 470 12 34 56 78 90", "Ce numéro en +32 a trop de chiffres."),
        ("+999 12 34", "Aucun pays n’a cet indicatif."),
        ("+", "Un numéro s’écrit avec des chiffres."),
    ],
)
def test_what_is_no_number_says_why(typed, reason):
    with pytest.raises(PhoneRefused) as refusal:
        read(typed)

    assert reason in str(refusal.value)


@pytest.mark.parametrize(
    ("typed", "stored", "sms"),
    [
        ("0032 470 12 34 56", "+32 470 12 34 56", "Nos SMS ne partent pas vers l’étranger"),
        ("+41791234567", "+41 79 123 45 67", "Nos SMS ne partent pas vers l’étranger"),
        ("+352 621 123 456", "+352 621 123 456", "Nos SMS ne partent pas vers l’étranger"),
        ("+687 75 12 34", "+687 75.12.34", "Nos SMS ne partent pas vers l’étranger"),
        ("01.42.00.00.00", "01 42 00 00 00", "C’est un numéro fixe"),
        ("0639123456", "06 39 12 34 56", ""),
    ],
)
def test_number_from_abroad_is_kept_for_a_call_and_no_sms_leaves(typed, stored, sms):
    assert kept(typed) == stored
    assert no_sms(typed).startswith(sms)
    assert bool(no_sms(typed)) is bool(sms)
    assert kept(stored) == stored


@given(st.text(alphabet="0123456789٠١٢３４५६७৮୯²③ +.-()", max_size=24))
def test_only_the_ten_digits_of_ascii_are_kept(typed):
    assert all(sign.isascii() for sign in kept(typed) if sign.isdecimal())


@pytest.mark.parametrize(
    ("typed", "dial"),
    [
        ("06 90 12 34 56", "+590690123456"),
        ("05 96 12 34 56", "+596596123456"),
        ("02 69 61 12 34", "+262269611234"),
        ("05 08 41 01 23", "+508508410123"),
        ("01 99 00 01 02", "+33199000102"),
        ("+32 470 12 34 56", "+32470123456"),
        ("39 49", "3949"),
    ],
)
def test_number_is_dialled_with_the_code_of_its_place(typed, dial):
    assert dialled(typed) == dial


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("+33612345678", "06 12 34 56 78"),
        ("+262692123456", "06 92 12 34 56"),
        ("0033 (0)6.12.34.56.78", "06 12 34 56 78"),
        ("0299000000", "02 99 00 00 00"),
        ("+32470123456", "+32 470 12 34 56"),
        ("camille@personnes.example", "camille@personnes.example"),
        ("", "—"),
        (None, "—"),
    ],
)
def test_phone_reads_by_two_figures(value, shown):
    assert phone(value).replace("\u00a0", " ") == shown
