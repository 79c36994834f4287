from datetime import date

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User

STATUSES = {"en-vigueur": "En vigueur", "a-venir": "À venir", "termines": "Terminés"}

STATUS_TONES = {"en vigueur": "success", "à venir": "info", "terminé": "neutral"}


def can_read_contracts(user: User) -> bool:
    return user.role in Role.of_france_competences


def status_of(*, starts_on: date, ends_on: date, on: date) -> str:
    """« en vigueur », « à venir » or « terminé » on a day."""
    if on < starts_on:
        return "à venir"
    return "en vigueur" if on <= ends_on else "terminé"
