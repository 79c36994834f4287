"""Who else is expected to open a file (a stand-in), as upper subjects know in AppConfig.ready()."""

from collections.abc import Callable
from datetime import datetime

from cep_portal.accounts.models import User
from operators.casework.pathways.models import Pathway

_assignments: list[Callable[..., bool]] = []


def register_assignment(function: Callable[..., bool]) -> None:
    """Ask `function(*, pathway, user, now) -> bool`: whether the user now follows the person; one query."""
    if function in _assignments:
        raise ValueError(f"assignment registered twice: {function.__qualname__}")
    _assignments.append(function)


def is_entrusted(*, pathway: Pathway, user: User, now: datetime) -> bool:
    return any(function(pathway=pathway, user=user, now=now) for function in _assignments)
