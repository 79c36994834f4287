import hashlib
from datetime import datetime, timedelta

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from operators.casework.summaries.enums import SUMMARY_TRANSITIONS, SummaryState

HEADINGS = {
    "situation": "Situation et demande",
    "strengths": "Compétences et points d’appui",
    "project": "Projet",
    "advice": "Conseils",
}
TEXTS = tuple(HEADINGS)
LATE_AFTER = timedelta(days=7)  # a proposal without an answer is then shown as late to its adviser
JUST_LOGGED = timedelta(hours=1)  # a session whose themes come ticked in the summary begun after it
SHARE_DAYS = (7, 30, 90)
MOST_SHARES = 10  # alive at once


def can_write_summaries(user: User) -> bool:
    return user.role == Role.ADVISER


def can_answer_summaries(user: User) -> bool:
    """Only the person accepts, asks a correction and shares."""
    return user.role == Role.BENEFICIARY


def says_something(text: str) -> bool:
    """Whether a heading holds a word: spaces, dashes and points say nothing."""
    return any(character.isalnum() for character in text)


def may_become(state: str, target: str) -> bool:
    return target in SUMMARY_TRANSITIONS[SummaryState(state)]


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def is_late(proposed_at: datetime, *, now: datetime) -> bool:
    return now - proposed_at > LATE_AFTER
