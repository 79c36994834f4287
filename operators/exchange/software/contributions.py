from cep_portal.common.navigation import MENU, Entry
from operators.exchange.software.models import ApiClient
from operators.menus import DATA, MANAGER
from operators.reception.team.hooks import STEPS, Beginning, Step


def software_step(beginning: Beginning) -> Step:
    """Done once the operator's own software has entered."""
    clients = ApiClient.objects.visible_to(beginning.user)
    return Step(
        "Relier votre logiciel",
        "Si vous en avez un : il lit les créneaux et prend des rendez-vous.",
        clients.filter(revoked_at__isnull=True, last_used_at__isnull=False).exists(),
        "operators:integration_list",
        is_optional=True,
    )


def contribute() -> None:
    MENU.add(Entry("Intégrations", "operators:integration_list", MANAGER, order=90, group=DATA))
    STEPS.add(software_step, order=70)
