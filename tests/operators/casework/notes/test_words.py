"""The word screen: sensitive matters are seen, ordinary words are not."""

import pytest

from operators.casework.notes.rules.sensitive_words import sensitive_matters


@pytest.mark.parametrize(
    ("text", "code", "word"),
    [
        ("Elle a une RQTH depuis mai.", "health", "RQTH"),
        ("En dépression depuis un an", "health", "dépression"),
        ("en arrêt\nde travail", "health", "arrêt\nde travail"),
        ("Délégué syndical CGT", "union", "Délégué syndical"),
        ("n’est pas disponible pendant le ramadan", "religion", "ramadan"),
        ("d’origine algérienne", "origin", "d’origine"),
        ("sorti de PRISON", "offence", "PRISON"),
        ("militante d’un parti", "politics", "militante"),
        ("son orientation sexuelle", "intimacy", "orientation sexuelle"),
    ],
)
def test_sensitive_matter_is_found_with_its_word(text, code, word):
    matter, *_ = sensitive_matters(text)

    assert (matter.code, matter.words[0]) == (code, word)


@pytest.mark.parametrize(
    "text",
    [
        "Vise un poste de comptable ; formation du 3 mars au 12 juin.",
        "La personne veut changer de métier et rester en Bretagne.",
        "CV à reprendre, entretien blanc prévu, prisonnière de ses horaires.",
        "",
    ],
)
def test_ordinary_words_ring_no_alarm(text):
    assert sensitive_matters(text) == []


def test_each_word_is_named_once():
    (matter,) = sensitive_matters("Un cancer, encore un cancer.")

    assert matter.words == ("cancer",)
