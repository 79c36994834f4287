"""Reference data: no column about a person (cep_portal.common.personal_data)."""

from cep_portal.common.personal_data import register_impersonal
from cep_portal.territories.models import (
    Commune,
    CommunePostcode,
    Department,
    EmployedPopulation,
    PublicHoliday,
    Region,
)


def declare() -> None:
    register_impersonal(Commune, CommunePostcode, Department, EmployedPopulation, PublicHoliday, Region)
