from datetime import date

import pytest

from cep_portal.accounts.enums import Role
from procurement.tender import rules
from procurement.tender.reference import RULE_SETS
from tests.factories.accounts import MandateFactory, UserFactory

STARTS, ENDS = date(2024, 1, 2), date(2027, 12, 31)


@pytest.mark.parametrize(
    ("today", "shown"),
    [
        (date(2023, 12, 31), STARTS),
        (date(2026, 11, 22), date(2026, 11, 22)),
        (date(2028, 1, 1), ENDS),
    ],
)
def test_reference_day_stays_inside_the_market(today, shown):
    assert rules.reference_day(starts_on=STARTS, ends_on=ENDS, today=today) == shown


@pytest.mark.parametrize("role", list(Role))
def test_only_france_competences_reads_markets(role):
    user = UserFactory.build()
    user.mandate = MandateFactory.build(user=user, role=role)

    assert rules.can_read_markets(user) is (role in Role.of_france_competences)


def test_clauses_of_2009_and_2021_read_differently():
    old, new, ours = ({row["label"]: row["value"] for row in _words(facts)} for facts in RULE_SETS)

    assert list(old) == ["Pénalité de retard", "Exonération", "Vérification des prestations"]
    assert "révisée comme les prix" in old["Pénalité de retard"]
    assert "300\xa0€ HT" in old["Exonération"]
    assert (
        new["Plafond"]
        == "10\xa0% du montant hors taxes du contrat, de la tranche ou du bon (article 14.1.2)."
    )
    assert "1\u202f000\xa0€ HT" in new["Exonération"]
    assert ours["Cible manquée"] == (
        "Points selon l’écart à la cible : 1 si l’écart est inférieur à 1,0,"
        " 2 si l’écart est inférieur à 2,0, 3 si l’écart est inférieur à 3,0,"
        " 4 au-delà ; × 2 si le mois précédent était déjà manqué ; 400\xa0€ HT par point."
        " Barème de démonstration."
    )


def _words(facts):
    return rules.clauses_in_words(facts.params)
