"""No column about a person (cep_portal.common.personal_data)."""

from procurement.tender.models import Lot, LotRegion, Market, RuleSet

IMPERSONAL = (Lot, LotRegion, Market, RuleSet)
