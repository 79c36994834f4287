from typing import Self

from django.db import models

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User


class OfContract(models.QuerySet):
    """Rows that belong to a contract through `contract_path`."""

    contract_path = "contract"

    def visible_to(self, user: User) -> Self:
        """France compétences' people of contracts see all, a manager those of the own organisation."""
        if user.role in (Role.ANALYST, Role.CONTRACT_MANAGER, Role.DECIDER):
            return self
        if user.role == Role.OPERATOR_MANAGER:
            return self.filter(**{f"{self.contract_path}__holder": user.organisation_id})
        return self.none()


class OfClosing(OfContract):
    contract_path = "closing__contract"
