import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory


class ContactForm(forms.Form):
    email = forms.EmailField(label="Adresse électronique", help_text="Pour le code.")
    mode = forms.ChoiceField(
        label="Modalité", choices=[("A", "Sur place"), ("B", "Visio")], widget=forms.RadioSelect
    )


def render(source, query="", **context):
    request = RequestFactory().get(f"/{query}")
    return Template("{% load ui %}" + source).render(Context({"request": request, **context}))


def test_unknown_prop_is_refused():
    with pytest.raises(TemplateSyntaxError, match="colour"):
        render('{% ui_badge label="tenu" colour="red" %}')


def test_missing_prop_is_refused():
    with pytest.raises(TemplateSyntaxError, match="label"):
        render("{% ui_badge %}")


@pytest.mark.parametrize(
    "source",
    [
        '{% ui_badge label="x" kind="red" %}',
        '{% ui_notice kind="red" %}x{% endui_notice %}',
        '{% ui_button label="x" kind="red" %}',
        '{% ui_steps "un" "deux" current=3 %}',
    ],
)
def test_wrong_value_is_refused(source):
    with pytest.raises(TypeError, match="expected"):
        render(source)


def test_text_is_escaped_in_props_and_kept_in_blocks():
    shown = render("{% ui_notice title=title %}<p>{{ body }}</p>{% endui_notice %}", title="<b>", body="<i>")

    assert "&lt;b&gt;" in shown
    assert "<p>&lt;i&gt;</p>" in shown


def test_field_ties_hint_and_error_to_its_control():
    form = ContactForm({"email": "camille@"})

    shown = render("{% ui_field field=form.email autocomplete='email' %}", form=form)

    assert 'aria-describedby="id_email_helptext id_email_error"' in shown
    assert 'aria-invalid="true"' in shown
    assert 'autocomplete="email"' in shown
    assert shown.count('id="id_email_error"') == 1


def test_radio_group_ties_its_error_to_the_group():
    shown = render("{% ui_field field=form.mode %}", form=ContactForm({}))

    assert '<fieldset class="field has-error" aria-describedby="id_mode_error">' in shown
    assert shown.count('type="radio"') == 2


def test_error_summary_names_the_question_and_leads_to_it():
    shown = render("{% ui_error_summary form=form %}", form=ContactForm({}))

    assert '<a href="#id_email">« Adresse électronique » : réponse obligatoire.</a>' in shown
    assert '<a href="#id_mode_0">« Modalité » : choisissez une réponse.</a>' in shown


def test_error_summary_says_the_words_of_the_field():
    form = ContactForm({})
    summary = render("{% ui_error_summary form=form %}", form=form)
    fields = render("{% ui_fields form=form %}", form=form)

    told = [words for words in re.findall(r'<a href="#[^"]+">(.*?)</a>', summary) if words]
    assert len(told) == len(form.errors)
    assert [words for words in told if words not in fields] == []


def test_error_summary_of_a_right_form_is_empty():
    assert render("{% ui_error_summary form=form %}", form=ContactForm()).strip() == ""


@pytest.mark.parametrize(
    ("query", "aria", "link"),
    [
        ("", 'aria-sort="ascending"', "?tri=-lot"),
        ("?tri=-lot&page=3&etat=ouvert", 'aria-sort="descending"', "?etat=ouvert&amp;tri=lot"),
        ("?tri=montant", "", "?tri=lot"),
    ],
)
def test_sort_header_says_the_order_and_keeps_the_filters(query, aria, link):
    shown = render('{% ui_sort_header label="Lot" field="lot" default="lot" %}', query)

    assert aria in shown
    assert ("aria-sort" in shown) == bool(aria)
    assert f'href="{link}"' in shown


def test_pagination_keeps_the_filters():
    page = Paginator(range(30), 10).page(2)

    shown = render("{% ui_pagination page=page %}", "?etat=ouvert&page=2", page=page)

    assert 'href="?etat=ouvert&amp;page=1" rel="prev"' in shown
    assert 'aria-label="Page 2" aria-current="page"' in shown


def test_pagination_of_one_page_is_nothing():
    assert render("{% ui_pagination page=page %}", page=Paginator(range(3), 10).page(1)).strip() == ""


@pytest.mark.parametrize(
    ("prop", "shown"),
    [
        ('value="2,4 %"', "2,4 %"),
        ("value=None", "pas de donnée"),
    ],
)
def test_kpi_shows_the_figure_or_says_why_not(prop, shown):
    assert shown in render(f'{{% ui_kpi label="Taux" {prop} %}}')


def test_slots_are_buttons_when_they_have_a_name():
    days = [{"label": "mardi", "slots": [{"label": "9 h", "value": "k1"}]}]

    shown = render('{% ui_slot_list days=days name="creneau" %}', days=days)

    assert '<button class="slot" type="submit" name="creneau" value="k1">' in shown


def test_progress_asks_again_only_while_it_runs():
    running = render('{% ui_progress title="Document" status_url="/etat/" %}')
    done = render('{% ui_progress title="Document" status_url="/etat/" state="done" %}')

    assert 'hx-get="/etat/"' in running
    assert "hx-get" not in done


def test_summary_row_without_answer_shows_a_dash():
    assert "<dd>—</dd>" in render('{% ui_summary_row label="Téléphone" value=value %}', value="")


def test_breadcrumb_marks_the_last_label_as_the_current_page():
    shown = render('{% ui_breadcrumb "Accueil" "/" "Aide" %}')

    assert '<a href="/">Accueil</a>' in shown
    assert '<span aria-current="page">Aide</span>' in shown


def test_optional_keys_of_lists_may_be_missing():
    days = [{"label": "mardi", "entries": [{"start": "9 h", "title": "Camille"}]}]
    shown = render(
        "{% ui_agenda days=days %}{% ui_tabs label='Vues' items=tabs %}",
        days=days,
        tabs=[
            {"label": "Jour", "url": "#", "current": True},
        ],
    )

    assert "Camille" in shown


def test_phone_dials_without_spaces():
    assert 'href="tel:+33199000102"' in render('{% ui_phone number="01 99 00 01 02" %}')


def test_messages_use_the_notices():
    message = SimpleNamespace(level_tag="success")

    assert "notice-success" in render('{% include "components/messages.html" %}', messages=[message])


def test_what_is_late_is_said_everywhere_alike():
    """One word and one colour: a page of the desk says « en retard » by the component alone."""
    said = re.compile(r'ui_badge label="(en retard|retard|date passée)"')
    apart = {"components/late.html"}
    # The person's own plan speaks of a date: nobody is told to be late in their own life.
    own = {f"operators/casework/plans/{name}.html" for name in ("own_plan", "own_action", "panel")}
    root = Path(__file__).parents[2] / "templates"

    files = [path for path in root.rglob("*.html") if said.search(path.read_text())]
    pages = {path.relative_to(root).as_posix() for path in files}

    assert pages - apart == own
    assert render("{% ui_late late=late %}", late=False).strip() == ""
    assert "en retard" in render("{% ui_late late=late %}", late=True)


def test_foot_of_a_desk_is_the_compulsory_links_alone():
    people = render('{% include "components/footer.html" %}')
    agents = render('{% include "components/footer.html" with for_agents=True %}')

    assert ("Réclamation" in people, "Votre employeur" in people) == (True, True)
    assert ("Réclamation" in agents, "Votre employeur" in agents) == (False, False)
    for link in ("Accessibilité : non conforme", "Mentions légales", "Données personnelles", "Aide"):
        assert link in agents


def test_search_of_the_head_is_a_form_under_a_press():
    shown = render(
        '{% include "components/header.html" %}',
        search_box={"url": "/personnes/", "label": "Nom ou téléphone", "field": "q"},
        **dict.fromkeys(
            ("training_at", "demonstration", "mfa_optional", "may_leave", "nav", "subnav", "identity")
        ),
    )

    assert (
        '<details class="header-search"><summary class="button button-secondary">Chercher</summary>' in shown
    )
    assert 'role="search"' in shown
