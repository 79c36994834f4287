from urllib.parse import urlencode

from django.contrib.auth.signals import user_logged_in
from django.urls import reverse

from cep_portal.accounts import selectors
from cep_portal.accounts.enums import Role
from cep_portal.accounts.middleware import find_drafts, see_session
from cep_portal.accounts.models import Mandate
from cep_portal.common.navigation import MENU, Entry
from cep_portal.common.to_do import TO_DOS, Reading, Source, Task, Tasks, first_tasks

ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})


def mandates_ending(reading: Reading) -> Tasks:
    """The mandates whose last day is near: granted anew, or left to end."""

    def task(mandate: Mandate) -> Task:
        return Task(
            verb="Renouveler ou laisser finir le mandat de",
            about=mandate.user.full_name,
            url=f"{reverse('accounts:mandate_list')}?{urlencode({'recherche': mandate.user.email})}",
            due_on=mandate.ends_on,
            note=mandate.get_role_display(),
        )

    ending = selectors.mandates_ending(on=reading.today)
    return first_tasks(ending, task, reverse("accounts:mandate_list"))


def contribute() -> None:
    user_logged_in.connect(see_session, dispatch_uid="accounts.see_session")
    user_logged_in.connect(find_drafts, dispatch_uid="accounts.find_drafts")
    MENU.add(Entry("Mandats", "accounts:mandate_list", ADMINISTRATOR, order=10))
    # an adviser's list stands in « Aujourd’hui »
    first_screen = frozenset(Role.with_to_do) - {Role.ADVISER}
    MENU.add(Entry("À faire", "to_do", first_screen, order=5, counts=True))
    TO_DOS.add(Source("mandates", "Mandats qui finissent", ADMINISTRATOR, mandates_ending), order=10)
