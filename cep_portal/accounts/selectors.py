from datetime import date

from django.db.models import QuerySet

from cep_portal.accounts.models import Mandate, User


def active_mandates(*, user: User, on: date) -> QuerySet[Mandate]:
    """The mandates of a person in force on a day, oldest first; one query."""
    return user.mandates.active(on).select_related("organisation").order_by("starts_on", "pk")


def mandate_list(*, search: str = "") -> QuerySet[Mandate]:
    """Every mandate with its person, the live ones first."""
    mandates = Mandate.objects.select_related("user", "organisation")
    if search:
        mandates = mandates.filter(user__email__icontains=search)
    return mandates.order_by("-ended_at", "user__email", "pk")
