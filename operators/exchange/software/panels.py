from datetime import datetime

from cep_portal.accounts.models import User
from operators.exchange.software.models import ApiClient
from operators.reception.team.registry import Step


def software_step(*, user: User, now: datetime) -> Step:  # noqa: ARG001 -- a step of the registry
    """Done once the operator's own software has entered."""
    clients = ApiClient.objects.visible_to(user)
    return Step(
        "Relier votre logiciel",
        "Si vous en avez un : il lit les créneaux et prend des rendez-vous.",
        clients.filter(revoked_at__isnull=True, last_used_at__isnull=False).exists(),
        "operators:integration_list",
        is_optional=True,
    )
