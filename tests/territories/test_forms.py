from cep_portal.territories.forms import NOT_FOUND, OUTSIDE, SEVERAL, UNSURE, CommuneChoiceForm
from tests.factories.territories import CommuneFactory


def test_single_answer_needs_no_second_step(towns):
    form = CommuneChoiceForm({"commune_text": "93210"})

    assert form.is_valid()
    assert form.cleaned_data["commune"] == towns["metropolitan"]


def test_several_answers_ask_to_choose(towns):
    form = CommuneChoiceForm({"commune_text": "St-Denis"})

    assert not form.is_valid()
    assert form.errors == {"commune": [SEVERAL]}
    assert form.fields["commune"].widget.choices == [
        ("97411", "Saint-Denis – La Réunion (974)"),
        ("93066", "Saint-Denis – Seine-Saint-Denis (93)"),
    ]


def test_exact_name_is_picked_without_asking(towns):
    CommuneFactory(code="11309", name="Rennes-les-Bains", search_name="rennes les bains")

    form = CommuneChoiceForm({"commune_text": "Rennes"})

    assert form.is_valid()
    assert form.cleaned_data["commune"] == towns["rennes"]
    assert form["commune"].value() == "35238"  # the radios show it chosen


def test_exact_name_is_chosen_again_by_the_form_of_the_line(towns):
    """CallForm brings an empty choice of its own: it hides nothing."""
    CommuneFactory(code="11309", name="Rennes-les-Bains", search_name="rennes les bains")

    form = CommuneChoiceForm({"commune_text": "Rennes"}, initial={"commune": ""})

    assert form["commune"].value() == "35238"


def test_choice_wins_over_the_exact_name(towns):
    baths = CommuneFactory(code="11309", name="Rennes-les-Bains", search_name="rennes les bains")

    form = CommuneChoiceForm({"commune_text": "Rennes", "commune": "11309"})

    assert form.is_valid()
    assert form.cleaned_data["commune"] == baths


def test_choice_is_kept(towns):
    form = CommuneChoiceForm({"commune_text": "St-Denis", "commune": "93066"})

    assert form.is_valid()
    assert form.cleaned_data["commune"] == towns["metropolitan"]


def test_choice_of_another_text_is_forgotten(towns):
    form = CommuneChoiceForm({"commune_text": "St-Denis", "commune": "35238"})

    assert form.errors == {"commune": [SEVERAL]}


def test_a_guess_is_never_an_answer(towns):
    guess, chosen = (
        CommuneChoiceForm({"commune_text": "Renes"}),
        CommuneChoiceForm({"commune_text": "Renes", "commune": "35238"}),
    )

    assert guess.errors == {"commune": [UNSURE]}
    assert not guess["commune"].value()  # one answer only, and yet nothing is chosen
    assert guess.fields["commune"].widget.choices == [("35238", "Rennes – Ille-et-Vilaine (35)")]
    assert chosen.is_valid()


def test_place_known_to_the_page_is_shown_with_its_choice(towns):
    form = CommuneChoiceForm(initial={"commune_text": "Saint-Denis", "commune": "93066"})

    assert (form.asks, form["commune"].value()) == (True, "93066")


def test_nothing_found_says_what_to_do(towns):
    assert CommuneChoiceForm({"commune_text": "zzzz"}).errors == {"commune_text": [NOT_FOUND]}
    assert CommuneChoiceForm({"commune_text": "97150"}).errors == {
        "commune_text": [OUTSIDE.format(name="Saint-Martin")]
    }
    assert CommuneChoiceForm({"commune_text": " "}).errors == {
        "commune_text": ["Indiquez une commune ou un code postal."]
    }
