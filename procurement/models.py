"""The app's models, gathered for Django; each lives with its subject."""

from procurement.commitments.models import Commitment, CommitmentVersion
from procurement.contracts.models import Contract
from procurement.followup.models import Penalty
from procurement.tender.models import Lot, LotRegion, Market, RuleSet

__all__ = [
    "Commitment",
    "CommitmentVersion",
    "Contract",
    "Lot",
    "LotRegion",
    "Market",
    "Penalty",
    "RuleSet",
]
