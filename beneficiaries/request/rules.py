import secrets
import unicodedata
from collections.abc import Collection
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.utils.crypto import constant_time_compare, salted_hmac

from beneficiaries.request.enums import REQUEST_TRANSITIONS, Need, RequestState, Urgency
from cep_portal.accounts.models import User
from cep_portal.common import retention
from cep_portal.common.phones import ascii_digits

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_LENGTH = 12
CODE_DIGITS = 6
CODE_LIFETIME = timedelta(minutes=15)
CODE_KEPT_FOR = retention.DELAYS["code"].duration
CODE_ATTEMPTS = 5
CODES_AN_HOUR = 5
ASKED_KEY, PROVED_KEY = "requests", "requests_proved"
UNDER_WAY_KEY, UNDER_WAY = "requests_under_way", "en-cours-"


def new_reference() -> str:
    """60 random bits in 12 characters that nobody confuses: whoever has them may follow the request."""
    return "".join(secrets.choice(ALPHABET) for _ in range(REFERENCE_LENGTH))


def reference_under_way(key: UUID | str) -> str:
    """What addresses call a request that is not written yet; nobody else's session knows it."""
    return f"{UNDER_WAY}{UUID(str(key)).hex[:12]}"


def is_under_way(reference: str) -> bool:
    return reference.startswith(UNDER_WAY)


def is_written(session: SessionBase, key: UUID | str) -> bool:
    """Whether the answers of this key, kept in this session, made a request."""
    return "is_written" in session.get(UNDER_WAY_KEY, {}).get(reference_under_way(key), {})


def clean_reference(text: str) -> str:
    """A reference as people type it: lower case, dashes, spaces, O for 0, I or L for 1."""
    letters = "".join(sign for sign in ascii_digits(text).upper() if sign.isalnum())
    return letters.translate(str.maketrans("OIL", "011"))


def new_code() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def hash_code(contact_code: Any, code: str) -> str:
    """The code bound to its row and to the site's key: a dump of the table reveals no code."""
    value = f"{contact_code.uuid}:{code}"
    return salted_hmac("beneficiaries.code", value, algorithm="sha256").hexdigest()


def code_matches(contact_code: Any, code: str) -> bool:
    digits = "".join(sign for sign in ascii_digits(code) if sign.isdigit())
    return constant_time_compare(contact_code.code_hash, hash_code(contact_code, digits))


def folded(name: str) -> str:
    """« Éloïse-Anne » and « eloise anne » are one name; no accent, no case, no dash."""
    bare = unicodedata.normalize("NFKD", name.casefold())
    letters = (sign if sign.isalnum() else " " for sign in bare if not unicodedata.combining(sign))
    return " ".join("".join(letters).split())


def plans_to_resign(needs: Collection[str], urgency: str) -> bool:
    """The law then wants the request before the resignation (R5422-2-1)."""
    return Need.RESIGN_TO_RETRAIN in needs or urgency == Urgency.RESIGNATION


def leads_to(state: str, target: str) -> bool:
    return RequestState(target) in REQUEST_TRANSITIONS[RequestState(state)]


class Asked(Protocol):
    """What the rule reads of a ServiceRequest, whose module reads these rules."""

    @property
    def reference(self) -> str: ...

    @property
    def beneficiary(self) -> Any: ...


def holds_request(service_request: Asked, *, user: User | AnonymousUser, session: SessionBase) -> bool:
    """Whether this visitor may see what is personal.

    Before a name is given, the browser that asked; then the browser where the code was copied, or the
    person signed in. A computer lent for the questions learns no name, and a session opened by somebody
    else is not this person's.
    """
    person = service_request.beneficiary
    if person is None:
        kept = session.get(UNDER_WAY_KEY if is_under_way(service_request.reference) else ASKED_KEY, [])
        return service_request.reference in kept
    if user.is_authenticated and person.user_id is not None:
        return person.user_id == user.pk
    return service_request.reference in session.get(PROVED_KEY, [])
