"""What a session must satisfy, whatever the channel (ADR 0056).

Each condition is read in Python by the services of pages and API, and in SQL by the files of facts, which
judge a hundred thousand lines at once. A test asks both the same questions.
"""

from collections.abc import Sequence
from datetime import date, datetime

from cep_portal.common.fact_rules import FactRule
from operators.casework.pathways.errors import (
    DurationOutOfBounds,
    NextStepMissing,
    SessionOverlaps,
    StartAfterContract,
    StartBeforeContract,
    StartInTheFuture,
    StartOnAnotherDay,
    ThemesMissing,
)

SHORTEST, LONGEST = 5, 300  # minutes: the wall is the constraint session_duration_sane

BEGUN = FactRule(
    StartInTheFuture,
    "Cette heure n’est pas encore passée.",
    "Envoyez la ligne quand c’est fait.",
    "date_heure",
)
LENGTH = FactRule(
    DurationOutOfBounds,
    f"Une séance dure de {SHORTEST} à {LONGEST} minutes.",
    "Écrivez un nombre entier de minutes.",
    "duree_minutes",
)
ON_ITS_DAY = FactRule(
    StartOnAnotherDay,
    "La séance s’est tenue un autre jour que le rendez-vous.",
    "Corrigez une des deux dates, ou videz le numéro du rendez-vous.",
    "date_heure",
)
AFTER_CONTRACT_START = FactRule(
    StartBeforeContract,
    "Le contrat n’avait pas commencé ce jour-là.",
    "Vérifiez le lieu et la date ; sinon retirez la ligne.",
    "date_heure",
)
BEFORE_CONTRACT_END = FactRule(
    StartAfterContract,
    "Le contrat avait pris fin ce jour-là.",
    "Vérifiez le lieu et la date ; sinon retirez la ligne.",
    "date_heure",
)
ADVISER_FREE = FactRule(
    SessionOverlaps,
    "Une autre séance de ce conseiller est déjà saisie à cette heure : voyez le début ou la durée.",
    "Corrigez l’heure, la durée ou le conseiller.",
    "conseiller",
)
PERSON_FREE = FactRule(
    SessionOverlaps,
    "Une autre séance de cette personne est déjà saisie à cette heure : voyez le début ou la durée.",
    "Corrigez l’heure ou la durée, ou retirez la ligne en trop.",
    "personne",
)
THEMES = FactRule(ThemesMissing, "Cochez au moins un thème abordé.", "Écrivez au moins un thème.", "themes")
NEXT_STEP = FactRule(
    NextStepMissing, "Choisissez la suite du parcours.", "Écrivez la suite du parcours.", "suite"
)


def has_length(minutes: int) -> bool:
    return SHORTEST <= minutes <= LONGEST


def is_on_its_day(*, held_on: date, booked_on: date, days_apart: int) -> bool:
    return abs((held_on - booked_on).days) <= days_apart


def broken_by_itself(
    *, starts_at: datetime, minutes: int, themes: Sequence[str], next_step: str, now: datetime
) -> FactRule | None:
    """The first rule that a session breaks alone; None when it stands."""
    broken = {
        BEGUN: starts_at > now,
        LENGTH: not has_length(minutes),
        THEMES: not themes,
        NEXT_STEP: not next_step,
    }
    return next((rule for rule, is_broken in broken.items() if is_broken), None)


def broken_by_contract(*, held_on: date, starts_on: date, ends_on: date) -> FactRule | None:
    """The rule that the day of a session breaks under a contract; both its days are included."""
    if held_on < starts_on:
        return AFTER_CONTRACT_START
    return BEFORE_CONTRACT_END if held_on > ends_on else None


def held_time(start: str, minutes: str) -> str:
    """The time a session takes, half-open, in SQL; written as the exclusion constraints write it."""
    clock = f"{start} AT TIME ZONE 'UTC'"
    return f"tsrange({clock}, ({clock}) + make_interval(mins => {minutes}::integer))"


def is_on_another_day(*, held_on: str, booked_on: str) -> str:
    """`is_on_its_day` denied, in SQL; reads the parameter days_apart."""
    return f"abs({held_on} - {booked_on}) > %(days_apart)s"
