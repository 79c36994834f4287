from datetime import datetime

from cep_portal.common.days import local_day
from cep_portal.territories.models import Commune
from procurement.contracts.models import Contract
from procurement.contracts.selectors import contract_in_force


def operator_of(*, commune: Commune, now: datetime) -> Contract | None:
    """The contract that would receive a request made now, with its holder; None when nobody does."""
    return contract_in_force(commune, on=local_day(now, commune.department.zone))
