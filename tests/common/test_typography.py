import pytest
from django.http import HttpResponse
from django.urls import reverse, reverse_lazy
from hypothesis import given
from hypothesis import strategies as st

from cep_portal.common.middleware import no_break_spaces
from cep_portal.common.wording.typography import spaced, spaced_page

NARROW, WIDE = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Prêt ?", "Prêt_?"),
        ("Prêt ! Oui ; non.", "Prêt_! Oui_; non."),
        ("Exemple : « ceci »", "Exemple~: «~ceci~»"),
        ("Vraiment ?!", "Vraiment_?!"),
        ("Prêt\xa0?", "Prêt_?"),
        ("Exemple\u202f: un", "Exemple~: un"),
        ("à 18 h 30, 12,50 €, 42 %, 3 km, 5 min", "à 18~h~30, 12,50~€, 42~%, 3~km, 5~min"),
        ("au 06 12 34 56 78.", "au 06~12~34~56~78."),
        ("Prêt\n  ?", "Prêt_?"),
        ("12 heures, 3 hommes", "12 heures, 3 hommes"),
        ("a != b, /page ?code=1, 12:30, http://x", "a != b, /page ?code=1, 12:30, http://x"),
        ("Bonjour, rien à changer.", "Bonjour, rien à changer."),
    ],
)
def test_marks_and_units_stay_with_their_word(written, shown):
    assert spaced(written) == shown.replace("_", NARROW).replace("~", WIDE)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<p>« <b>Oui</b> » ?</p>", "<p>«~<b>Oui</b>~»_?</p>"),
        ("<b>Quand</b> : demain", "<b>Quand</b>~: demain"),
        ("<b>12</b> €", "<b>12</b>~€"),
        ('<a title="Qui ?" href="/a ?">x</a>', '<a title="Qui_?" href="/a ?">x</a>'),
        ('<input placeholder="Qui ?" value="Moi ?">', '<input placeholder="Qui_?" value="Moi ?">'),
        ("<textarea>Moi ?</textarea>", "<textarea>Moi ?</textarea>"),
        ("<script>a ? b : c</script>", "<script>a ? b : c</script>"),
        ("<pre>a : b</pre><!-- a ? -->", "<pre>a : b</pre><!-- a ? -->"),
    ],
)
def test_only_the_prose_of_a_page_is_touched(written, shown):
    assert spaced_page(written) == shown.replace("_", NARROW).replace("~", WIDE)


@given(st.text(alphabet='ab12 «»:;?!%€h\u00a0\u202f\n<>/"=', max_size=60))
def test_twice_is_once(text):
    assert spaced(spaced(text)) == spaced(text)
    assert spaced_page(spaced_page(text)) == spaced_page(text)


@pytest.mark.parametrize("media_type", ["text/plain", "application/json", "text/csv"])
def test_what_a_machine_reads_is_left_alone(rf, settings, media_type):
    settings.PORTAL_TYPOGRAPHY = True

    response = no_break_spaces(lambda _request: HttpResponse("Qui ?", content_type=media_type))(rf.get("/"))

    assert response.text == "Qui ?"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/rien-ici/", reverse_lazy("beneficiaries:complaint_write")])
def test_length_told_is_that_of_the_page_sent(client, settings, path):
    settings.PORTAL_TYPOGRAPHY = True

    page = client.get(path)

    assert int(page["Content-Length"]) == len(page.content)


@pytest.mark.django_db
def test_sentences_of_the_code_are_spaced_like_those_of_templates(client, settings):
    settings.PORTAL_TYPOGRAPHY = True

    page = client.post(reverse("beneficiaries:complaint_write"), {"email": "lea@gmial.com"}).text

    assert f"Vouliez-vous dire lea@gmail.com{NARROW}?" in page  # an error of a form
    assert f"De quoi s’agit-il{NARROW}?" in page  # a label
    assert f"Quelle adresse est la bonne{NARROW}?" in page  # a template
