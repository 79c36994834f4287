"""The answers of a triage under way: kept in the session, never in an address nor in a log."""

import uuid
from dataclasses import asdict, dataclass, field, fields

SESSION_KEY = "triage"
STEPS = ("situation", "commune", "need")


@dataclass
class Answers:
    situation: str = ""
    commune: str = ""
    commune_name: str = ""
    commune_basis: str = ""
    need: str = ""
    access_needs: list[str] = field(default_factory=list)
    key: str = ""

    def missing_step(self) -> str | None:
        """The first question without an answer; None when all are answered."""
        return next((name for name in STEPS if not getattr(self, name)), None)


def read_answers(session) -> Answers:
    known = {one.name for one in fields(Answers)}
    stored = session.get(SESSION_KEY, {})
    return Answers(**{name: value for name, value in stored.items() if name in known})


def keep_answers(session, answers: Answers) -> None:
    """The key is new with each answer: sending the same answers twice registers one request."""
    session[SESSION_KEY] = {**asdict(answers), "key": str(uuid.uuid4())}
