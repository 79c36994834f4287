"""Reference data: no column about a person (cep_portal.common.personal_data)."""

from cep_portal.territories.models import (
    Commune,
    CommunePostcode,
    Department,
    EmployedPopulation,
    PlaceName,
    PublicHoliday,
    Region,
)

IMPERSONAL = (Commune, CommunePostcode, Department, EmployedPopulation, PlaceName, PublicHoliday, Region)
