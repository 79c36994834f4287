"""The answers of a triage under way: kept in the session, never in an address nor in a log."""

import uuid
from dataclasses import asdict, dataclass, field, fields

from django.contrib.sessions.backends.base import SessionBase

from beneficiaries.request.rules import is_written

SESSION_KEY = "triage"
STEPS = ("situation", "commune", "needs")


@dataclass
class Answers:
    situation: str = ""
    commune: str = ""
    commune_name: str = ""
    commune_basis: str = ""
    needs: list[str] = field(default_factory=list)
    urgency: str = ""
    access_needs: list[str] = field(default_factory=list)
    key: str = ""
    place: str = ""

    def missing_step(self) -> str | None:
        """The first question without an answer; None when all are answered."""
        return next((name for name in STEPS if not getattr(self, name)), None)


def read_answers(session: SessionBase) -> Answers:
    known = {one.name for one in fields(Answers)}
    stored = session.get(SESSION_KEY, {})
    return Answers(**{name: value for name, value in stored.items() if name in known})


def fresh_answers(session: SessionBase) -> Answers:
    """The answers under way, none once they made a request: the next person starts from nothing."""
    answers = read_answers(session)
    return Answers() if answers.key and is_written(session, answers.key) else answers


def keep_answers(session: SessionBase, answers: Answers) -> None:
    """The key is new with each answer: sending the same answers twice makes one request."""
    session[SESSION_KEY] = {**asdict(answers), "key": str(uuid.uuid4())}
