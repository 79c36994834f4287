from datetime import timedelta

import pytest
from django.template import engines

from beneficiaries.request import rules as request_rules
from beneficiaries.rights import rules as rights_rules
from cep_portal.common import personal_data, retention
from cep_portal.common.retention import DELAYS, Delay
from operators.exchange.extracts import rules as extract_rules
from operators.exchange.software import rules as software_rules
from operators.moving.duplicates import rules as duplicate_rules

SENTENCES = {
    "24 mois après le dernier contact, puis sans identité.",
    "24 mois après le dernier contact, puis sans les mots écrits.",
    "24 mois après le dernier contact, puis effacées.",
    "24 mois après le dernier contact, puis détruits.",
    "24 mois après le dernier contact ; les anciens contacts, trente jours.",
    "90 jours après l’appel, puis sans nom ni numéro.",
    "Un jour après sa péremption.",
    "Le texte 30 jours (un code, un jour), le reste 13 mois.",
    "Douze heures au plus.",
    "Vingt-quatre heures au plus.",
    "Douze mois.",
    "60 jours.",
    "Le temps du dossier.",
    "Le temps du contrat.",
    "Le temps du marché.",
    "Le fichier, deux jours.",
    "Le temps du contrat ; le fichier, deux jours.",
}


@pytest.mark.parametrize(
    ("delay", "figures", "words"),
    [
        (Delay(24, "mois"), "24 mois", "vingt-quatre mois"),
        (Delay(1, "jour"), "1 jour", "un jour"),
        (Delay(2, "jour"), "2 jours", "deux jours"),
        (Delay(12, "heure"), "12 heures", "douze heures"),
        (Delay(90, "jour"), "90 jours", "90 jours"),
    ],
)
def test_delay_reads_in_figures_and_in_words(delay, figures, words):
    assert (str(delay), delay.in_words) == (figures, words)


def test_delay_in_months_has_no_fixed_length():
    with pytest.raises(ValueError, match="months"):
        _ = Delay(12, "mois").duration


def test_register_says_the_sentences_of_retention_only():
    written = {
        value
        for name, value in vars(retention).items()
        if name.isupper() and name[0] != "_" and isinstance(value, str)
    }
    said = {declared.retention for declared in personal_data.declarations()}

    assert written - {"heure", "jour", "mois"} == SENTENCES
    assert said == SENTENCES


def test_settings_that_purges_read_are_those_of_the_sentences(settings):
    applied = {
        "file": (settings.PORTAL_RETENTION_MONTHS, "mois"),
        "journal": (settings.PORTAL_JOURNAL_MONTHS, "mois"),
        "session": (settings.SESSION_COOKIE_AGE // 3600, "heure"),
        "text": (settings.PORTAL_TEXT_DAYS, "jour"),
        "message": (settings.PORTAL_MESSAGE_DAYS // 30, "mois"),
        "call_back": (settings.PORTAL_CALL_BACK_KEPT_DAYS, "jour"),
        "refused_line": (settings.PORTAL_REFUSED_LINES_DAYS, "jour"),
        "webhook": (settings.PORTAL_WEBHOOK_DAYS, "jour"),
    }

    assert {name: (DELAYS[name].count, DELAYS[name].unit) for name in applied} == applied


@pytest.mark.parametrize(
    ("name", "applied", "expected"),
    [
        ("notice", rights_rules.NOTICE, timedelta(days=30)),
        ("export", rights_rules.EXPORT_KEPT_FOR, timedelta(days=2)),
        ("code", request_rules.CODE_KEPT_FOR, timedelta(days=1)),
        ("extract", extract_rules.KEPT_FOR, timedelta(hours=48)),
        ("undo_merge", duplicate_rules.UNDO_FOR, timedelta(days=30)),
        ("software_key", software_rules.KEY_LIFETIME, timedelta(days=30)),
    ],
)
def test_rules_apply_the_delay_that_is_said(name, applied, expected):
    assert DELAYS[name].duration == applied == expected


def test_tag_says_the_delay():
    template = engines["django"].from_string('{% delay "file" %}, {% delay "journal" in_words=True %}')

    assert template.render({}) == "24 mois, douze mois"
