"""The person's rights over the own data: copy, correct, freeze, erase (RGPD, articles 15 to 20)."""

from beneficiaries.rights.services.codes import send_code, use_code
from beneficiaries.rights.services.erasure import (
    ask_erasure,
    erase_by_code,
    erase_person,
    replay_erasures,
)
from beneficiaries.rights.services.exports import ask_export, build_export, withdraw_exports
from beneficiaries.rights.services.identity import (
    ask_email_change,
    confirm_email_change,
    rectify_identity,
)
from beneficiaries.rights.services.purge import Purged, keep_file, purge_people
from beneficiaries.rights.services.restriction import lift_restriction, restrict_file

__all__ = [
    "Purged",
    "ask_email_change",
    "ask_erasure",
    "ask_export",
    "build_export",
    "confirm_email_change",
    "erase_by_code",
    "erase_person",
    "keep_file",
    "lift_restriction",
    "purge_people",
    "rectify_identity",
    "replay_erasures",
    "restrict_file",
    "send_code",
    "use_code",
    "withdraw_exports",
]
