"""No column about a person (cep_portal.common.personal_data)."""

from reporting.packs.models import RegionalPack

IMPERSONAL = (RegionalPack,)
