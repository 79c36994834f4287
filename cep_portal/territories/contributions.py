from cep_portal.accounts.hooks import REGIONS
from cep_portal.territories.selectors import region_names


def contribute() -> None:
    REGIONS.add(region_names)
