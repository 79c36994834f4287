"""The signed link of a referral: the partner that holds it reads what was transmitted and answers."""

from cep_portal.common.links import SignedUuids, portal_link
from operators.casework.referrals.models import Referral

_uuids = SignedUuids("operators.referrals.referral")
sign, unsign = _uuids.sign, _uuids.unsign


def answer_link(referral: Referral) -> str:
    return portal_link("operators:referral_answer", sign(referral.uuid))
