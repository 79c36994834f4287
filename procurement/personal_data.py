"""This app speaks of organisations: no column about a person (cep_portal.common.personal_data)."""

from cep_portal.common.personal_data import register_impersonal
from procurement.commitments.models import Commitment, CommitmentVersion
from procurement.contracts.models import Contract
from procurement.followup.models import Penalty
from procurement.tender.models import Lot, LotRegion, Market, RuleSet


def declare() -> None:
    register_impersonal(Commitment, CommitmentVersion, Contract, Penalty, Lot, LotRegion, Market, RuleSet)
