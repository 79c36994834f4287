from django.urls import reverse

from cep_portal.common.navigation import MENU, Entry
from cep_portal.common.to_do import TO_DOS, Reading, Source, Task, Tasks, first_tasks
from operators.menus import MANAGER, NETWORK
from operators.network.models import Adviser


def never_came(reading: Reading) -> Tasks:
    """The colleagues invited who never signed in: nobody can be received by them."""

    def task(adviser: Adviser) -> Task:
        return Task(
            verb="Relancer l’invitation de",
            about=adviser.user.full_name,
            url=reverse("operators:adviser_capacity", args=[adviser.uuid]),
            note=f"{adviser.site.name} · ne s’est jamais connecté",
        )

    invited = Adviser.objects.visible_to(reading.user).never_came().filter(is_active=True)
    rows = invited.select_related("user", "site").order_by("user__last_name", "pk")
    return first_tasks(rows, task, reverse("operators:team"))


def contribute() -> None:
    TO_DOS.add(Source("never_came", "Comptes jamais ouverts", MANAGER, never_came), order=60)
    MENU.add(
        Entry("Qualité de la saisie", "operators:log_quality", MANAGER, order=32, group=NETWORK),
        Entry("Premiers pas", "operators:first_steps", MANAGER, order=34, group=NETWORK),
    )
