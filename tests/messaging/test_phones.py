import pytest

from cep_portal.messaging.rules.phones import is_landline, mobile, national


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
    assert is_landline(typed) is True


@pytest.mark.parametrize("typed", ["", "06 12", "+44 7911 123456", "00 12 34 56 78", "appelez-moi", "+33"])
def test_what_is_no_french_number_is_neither(typed):
    assert (national(typed), mobile(typed), is_landline(typed)) == (None, None, False)
