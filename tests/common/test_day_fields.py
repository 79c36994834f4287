"""A day and an hour in a form are text, alike in every browser; what is wrong is said by name."""

import re
from datetime import date, time

import pytest
from django import forms
from django.template import Context, Template

from cep_portal.common.dates_typed import Side
from cep_portal.common.day_fields import DayField, HourField, InstantField
from tests.house.forms import forms_of_the_product

pytestmark = pytest.mark.at("2026-11-30T09:00:00+01:00")


class Visit(forms.Form):
    day = DayField(label="Jour", side=Side.FUTURE)
    until = DayField(label="Jusqu’au", required=False, side=Side.FUTURE)
    hour = HourField(label="Heure")
    cancelled_at = InstantField(label="Annulé quand", required=False, side=Side.PAST)


def shown(form):
    return Template("{% load ui %}{% ui_fields form=form %}").render(Context({"form": form}))


def test_values_come_back_as_they_are_read():
    form = Visit({"day": "5/12", "hour": "9h30", "cancelled_at": "29/11 18h"})

    assert form.is_valid()
    assert form.cleaned_data["day"] == date(2026, 12, 5)
    assert form.cleaned_data["hour"] == time(9, 30)
    assert form.cleaned_data["cancelled_at"].isoformat() == "2026-11-29T18:00:00+01:00"


@pytest.mark.parametrize(
    "given", [{"day": date(2026, 12, 5), "hour": time(9, 30)}, {"day": "2026-12-05", "hour": "09:30"}]
)
def test_boxes_are_text_written_in_french(given):
    page = shown(Visit(initial=given))

    assert 'value="05/12/2026"' in page
    assert 'value="9 h 30"' in page
    assert set(re.findall(r'type="(\w+)"', page)) == {"text"}


def test_example_is_said_once_for_days_and_once_for_hours():
    page = shown(Visit())

    assert page.count("Jour, mois, année : 30/11/2026.") == 1
    assert page.count(">Par exemple 9 h 30.<") == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day": ""}, "« Jour » : indiquez une date, par exemple 30/11/2026."),
        ({"day": "bientôt"}, "« Jour » : indiquez une date, par exemple 30/11/2026."),
        (
            {"day": "31/11/2026"},
            "« Jour » : ce jour n’existe pas. Vérifiez le jour, le mois et l’année, par exemple 30/11/2026.",
        ),
        ({"day": "29/11"}, "« Jour » : de quelle année ? Ajoutez-la, par exemple 30/11/2026."),
        ({"day": "5/12/2326"}, "« Jour » : choisissez un jour du 01/01/2000 au 31/12/2199."),
        ({"hour": "tôt"}, "« Heure » : indiquez une heure, par exemple 9 h 30."),
        (
            {"cancelled_at": "29/11"},
            "« Annulé quand » : indiquez une date et une heure, par exemple 30/11/2026 à 9 h 30.",
        ),
    ],
)
def test_error_names_the_field_and_shows_how(typed, said):
    form = Visit({"day": "5/12", "hour": "9h", **typed})

    assert [text for texts in form.errors.values() for text in texts] == [said]


def test_no_form_of_the_product_lets_the_browser_write_dates():
    native = (forms.DateField, forms.TimeField, forms.DateTimeField)
    ours = (DayField, HourField, InstantField)
    found = [
        f"{form.__name__}.{name}"
        for form in forms_of_the_product()
        for name, field in form.base_fields.items()
        if isinstance(field, native) and not isinstance(field, ours)
    ]
    kinds = {
        field.widget.input_type
        for form in forms_of_the_product()
        for field in form.base_fields.values()
        if hasattr(field.widget, "input_type")
    }

    assert found == []
    assert not kinds & {"date", "time", "datetime-local", "month", "week"}
