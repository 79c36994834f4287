from django.contrib.auth.signals import user_logged_in

from cep_portal.accounts.enums import Role
from cep_portal.accounts.middleware import find_drafts, see_session
from cep_portal.common.navigation import MENU, Entry


def contribute() -> None:
    user_logged_in.connect(see_session, dispatch_uid="accounts.see_session")
    user_logged_in.connect(find_drafts, dispatch_uid="accounts.find_drafts")
    MENU.add(Entry("Mandats", "accounts:mandate_list", frozenset({Role.ADMINISTRATOR}), order=10))
