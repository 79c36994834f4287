"""How a check refuses lines, and the words that every check shares."""

import json
from typing import Any

from operators.exchange.deliveries.rules.line_checks import Problem
from operators.exchange.deliveries.services.staging import run

GOOD = "line.problems IS NULL AND line.status <> 'SAME'"
LIVE = "('BOOKED', 'ATTENDED', 'NO_SHOW')"
UUID = "'^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'"
RESEND = "Corrigez la ligne, ou retirez-la du fichier."


FROZEN = Problem(
    "date_heure",
    "Le mois de ce fait est arrêté : il ne change plus.",
    "Renvoyez la ligne d’origine ; l’écart se règle avec France compétences, sur un mois suivant.",
)


def refuse(where: str, problem: Problem, params: dict[str, Any] | None = None) -> None:
    """`where` reads `line`; %% stays a percent sign."""
    problems = json.dumps([vars(problem)], ensure_ascii=False)
    run(
        f"UPDATE delivery_line AS line SET problems = %(problems)s::jsonb WHERE {GOOD} AND ({where})",
        {"problems": problems, **(params or {})},
    )
