import re
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from cep_portal.documents.services import read_document
from procurement.followup import services
from procurement.followup.enums import PenaltyState
from tests.procurement.followup.conftest import AFTER, NOW


def read(document) -> PdfReader:
    return PdfReader(BytesIO(read_document(document)))


def text_of(document) -> str:
    pages = " ".join(page.extract_text() for page in read(document).pages)
    return re.sub(r"\s+", " ", pages)


@pytest.fixture
def notice(penalty_in, instructor):
    penalty = services.notify_penalty(penalty=penalty_in(PenaltyState.PROPOSED), by=instructor, now=NOW)
    return penalty.notice


def test_notice_states_facts_amount_and_time_allowed(notice, contract):
    text = text_of(notice)

    for words in (
        contract.holder.name,
        "octobre 2026",
        "au plus 10,0 j",
        "12,5 j (1 250 ÷ 100)",
        "pénalité de 1 500,00 €",
        "dans un délai de 15 jours",
        "jusqu’au mercredi 18 novembre 2026",
        "article 14.1.1",
        "4 × 400",
        "Données de démonstration",
        notice.check_code,
    ):
        assert words in text


def test_notice_is_tagged_and_titled(notice):
    root = read(notice).trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "fr"
    assert "/StructTreeRoot" in root
    assert read(notice).metadata.title.startswith("Invitation à présenter des observations")


@pytest.mark.parametrize(
    ("outcome", "amount", "words"),
    [
        ("APPLIED", None, "La pénalité est appliquée : 1 500,00 €"),
        ("REDUCED", Decimal(800), "La pénalité de 1 500,00 € est réduite à 800,00 €"),
        ("WAIVED", None, "est levée : rien n’est dû"),
    ],
)
def test_decision_answers_the_observations(penalty_in, decider, outcome, amount, words):
    penalty = services.decide_penalty(
        penalty=penalty_in(PenaltyState.OBSERVED),
        outcome=outcome,
        amount_excl_tax=amount,
        reasons="La panne a duré un jour.",
        by=decider,
        now=AFTER,
    )

    text = text_of(penalty.decision_letter)

    assert words in text
    assert "La panne nationale du 12 octobre explique ce délai." in text
    assert "La panne a duré un jour." in text
    assert ("n’est pas prélevée par le portail" in text) is (outcome != "WAIVED")


def test_decision_after_silence_says_so(penalty_in, decider):
    penalty = services.decide_penalty(
        penalty=penalty_in(PenaltyState.SILENT),
        outcome="REDUCED",
        amount_excl_tax=Decimal(800),
        reasons="Première fois.",
        by=decider,
        now=AFTER,
    )

    text = text_of(penalty.decision_letter)

    assert "Vous n’avez pas présenté d’observations dans le délai" in text
    assert "total décidé 800,00 € ; seuil 1 000,00 €, soit exonéré" in text
