import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from operators.moving.transfers.enums import TRANSFER_TRANSITIONS, TransferState

if TYPE_CHECKING:
    from operators.moving.transfers.models import Transfer

CONSENT_VERSION = 1  # of the words below; a new wording is a new version
CONSENT = (
    "J’accepte que mon accompagnement passe à {holder}, avec mon nom, mes coordonnées et ce que j’ai coché,"
    " rien d’autre. Je peux changer d’avis tant que mon dossier n’y est pas reçu."
)
PROOF_LASTS = timedelta(minutes=30)  # after the code, on the browser that copied it


def can_transfer(user: User) -> bool:
    return user.role == Role.ADVISER


def can_follow_transfers(user: User) -> bool:
    """A manager reads counts, never a name."""
    return user.role in {Role.ADVISER, Role.OPERATOR_MANAGER}


def can_answer_own_transfers(user: User) -> bool:
    return user.role == Role.BENEFICIARY


def may_become(state: str, target: str) -> bool:
    return TransferState(target) in TRANSFER_TRANSITIONS[TransferState(state)]


def expires_at(prepared_at: datetime) -> datetime:
    return prepared_at + timedelta(days=settings.PORTAL_TRANSFER_DAYS)


def is_over(transfer: "Transfer", *, now: datetime) -> bool:
    return transfer.state not in TransferState.open or now >= transfer.expires_at


def fingerprint(kind: str, title: str, content: dict) -> str:
    """Ties what is shown of an item to what is stored and received."""
    written = json.dumps([kind, title, content], ensure_ascii=False, sort_keys=True)
    return sha256(written.encode()).hexdigest()


def inventory_fingerprint(digests: Iterable[str]) -> str:
    return sha256("\n".join(digests).encode()).hexdigest()


def consent_words(holder: str) -> str:
    return CONSENT.format(holder=holder)
