"""The software of the named operator, as its manager sees it: one that works, one that was stopped."""

from collections.abc import Callable
from datetime import datetime, timedelta

from cep_portal.accounts.models import User
from operators.exchange.software.enums import Scope
from operators.exchange.software.services import create_client, issue_token, revoke_client

AGENDA = [Scope.SLOTS_READ, Scope.APPOINTMENTS_READ, Scope.APPOINTMENTS_WRITE, Scope.REQUESTS_READ]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def build_software(*, now: datetime, tell: Callable[[str], None] = lambda _: None) -> None:
    """Their secrets are shown to nobody: a manager authorises another one to try the API."""
    manager = User.objects.get(email="responsable@operateurs.example")
    manager.mandate = manager.mandates.order_by("pk").first()
    former, _ = create_client(name="Ancien agenda", scopes=AGENDA, by=manager, now=now - 300 * DAY)
    issue_token(client=former, now=now - 121 * DAY)
    revoke_client(client=former, by=manager, now=now - 120 * DAY)
    rights = [*AGENDA, Scope.PATHWAYS_READ, Scope.DELIVERIES_READ, Scope.INDICATORS_READ]
    present, _ = create_client(name="Logiciel de suivi", scopes=rights, by=manager, now=now - 118 * DAY)
    issue_token(client=present, now=now - HOUR)
    tell("logiciels")
