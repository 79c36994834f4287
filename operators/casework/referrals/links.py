"""The signed link of a referral: the partner that holds it reads what was transmitted and answers."""

from cep_portal.common.links import SignedUuids, portal_link

_uuids = SignedUuids("operators.referrals.referral")
sign, unsign = _uuids.sign, _uuids.unsign


def answer_link(referral) -> str:
    return portal_link("operators:referral_answer", sign(referral.uuid))
