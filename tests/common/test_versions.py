from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.http import QueryDict

from cep_portal.common.versions import ChangedMeanwhile, VersionedForm, check_seen

BASE = {"title": "Lire dix offres", "due_on": date(2026, 12, 1), "modes": ["B", "A"], "rate": Decimal("1.50")}
MODES = [("A", "Sur place"), ("B", "Visio")]


class EditForm(VersionedForm):
    title = forms.CharField(label="Titre", required=False)
    due_on = forms.DateField(label="Pour quel jour ?", required=False)
    modes = forms.MultipleChoiceField(label="Modalités", choices=MODES, required=False)
    rate = forms.DecimalField(label="Taux", required=False)


def sent(present=BASE, version=None, **changed):
    """A form filled from the page that showed BASE, with what its reader changed."""
    said = {"title": "Lire dix offres", "due_on": "2026-12-01", "modes": ["A", "B"], "rate": "1.5", **changed}
    data = QueryDict(mutable=True)
    for name, value in said.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    data["version"] = EditForm(present=BASE).version if version is None else version
    form = EditForm(data, present=present)
    assert form.is_valid()
    return form


def refused(form, present):
    with pytest.raises(ChangedMeanwhile) as refusal:
        check_seen(form.as_seen(), present)
    form.refuse(refusal.value)
    return form


def test_what_stands_as_it_was_shown_is_rewritten():
    check_seen(sent(title="Lire vingt offres").as_seen(), BASE)


def test_the_second_writer_sees_both_texts_and_keeps_what_is_typed():
    theirs = BASE | {"title": "Lire cinq offres"}

    form = refused(sent(title="Lire vingt offres"), theirs)

    (difference,) = form.differences
    assert (difference.label, difference.mine, difference.theirs) == (
        "Titre",
        "Lire vingt offres",
        "Lire cinq offres",
    )
    assert form["title"].value() == "Lire vingt offres"
    assert "Rien n’est perdu" in form.non_field_errors()[0]


def test_what_only_the_other_wrote_is_taken_and_said():
    theirs = BASE | {"due_on": date(2027, 1, 4), "modes": ["B"]}

    form = refused(sent(title="Lire vingt offres"), theirs)

    assert [(one.label, one.theirs, one.is_mine) for one in form.differences] == [
        ("Pour quel jour ?", "04/01/2027", False),
        ("Modalités", "Visio", False),
    ]
    assert (form["title"].value(), form["due_on"].value()) == ("Lire vingt offres", "2027-01-04")
    assert form.data.getlist("modes") == ["B"]


def test_with_both_texts_read_the_second_answer_is_taken():
    theirs = BASE | {"title": "Lire cinq offres"}
    form = refused(sent(title="Lire vingt offres"), theirs)

    again = sent(title="Lire vingt offres", version=form.version)

    check_seen(again.as_seen(), theirs)
    with pytest.raises(ChangedMeanwhile):  # a third writer came in between
        check_seen(again.as_seen(), theirs | {"title": "Lire une offre"})


def test_a_form_sent_twice_is_no_quarrel():
    check_seen(sent(title="Lire vingt offres").as_seen(), BASE | {"title": "Lire vingt offres"})


@pytest.mark.parametrize("version", ["x", "title=0", "title=" + "0" * 16, "=,="])
def test_an_altered_version_never_overwrites_unread(version):
    with pytest.raises(ChangedMeanwhile):
        check_seen(sent(title="Lire vingt offres", version=version).as_seen(), BASE)


def test_no_page_was_shown_to_a_file_or_a_software():
    check_seen(None, BASE)
    assert EditForm().version == ""
