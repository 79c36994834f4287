"""How a check refuses lines, and the words that every check shares."""

import json
from typing import Any

from cep_portal.common.fact_rules import FactRule
from operators.exchange.deliveries.rules.line_checks import Problem
from operators.exchange.deliveries.services.staging import run

GOOD = "line.problems IS NULL AND line.status NOT IN ('SAME', 'GONE')"
GONE = "line.problems IS NULL AND line.status = 'GONE'"  # facts that their operator takes back
LIVE = "('BOOKED', 'ATTENDED', 'NO_SHOW')"
UUID = "'^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'"
RESEND = "Corrigez la ligne, ou retirez-la du fichier."


FROZEN = Problem(
    "date_heure",
    "Le mois de ce fait est arrêté : il ne change plus.",
    "Renvoyez la ligne d’origine ; seule France compétences peut rouvrir le mois, sinon l’écart se règle"
    " sur un mois suivant.",
)


def refuse(where: str, problem: Problem, params: dict[str, Any] | None = None, among: str = GOOD) -> None:
    """`where` reads `line`; %% stays a percent sign."""
    problems = json.dumps([vars(problem)], ensure_ascii=False)
    run(
        f"UPDATE delivery_line AS line SET problems = %(problems)s::jsonb WHERE {among} AND ({where})",
        {"problems": problems, **(params or {})},
    )


def problem_of(rule: FactRule) -> Problem:
    """A rule of the subject, as the report of a file says it."""
    return Problem(rule.column, rule.what, rule.how)


def refuse_with(found: str, *, field: str, how: str, params: dict[str, Any]) -> None:
    """Refuse the lines that a query gives: `line`, `what` is wrong, `other` which `how` names as {other}."""
    run(
        f"""
        UPDATE delivery_line AS line
        SET problems = jsonb_build_array(jsonb_build_object(
            'field', %(field)s::text, 'what', judged.what,
            'how', replace(%(how)s, '{{other}}', judged.other)))
        FROM ({found}) AS judged
        WHERE judged.line = line.line AND line.problems IS NULL
        """,
        {"field": field, "how": how, **params},
    )
