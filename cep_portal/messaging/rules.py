from django.conf import settings

from cep_portal.accounts.enums import Role


def can_read_messages(user) -> bool:
    """Administrators follow the outbox; in the demonstration every agent reads what was sent."""
    return user.role == Role.ADMINISTRATOR or (settings.PORTAL_DEMONSTRATION and user.role in Role.agents)


def can_read_texts() -> bool:
    """Texts hold sign-in codes and personal links: only the demonstration shows them, to anybody."""
    return settings.PORTAL_DEMONSTRATION
