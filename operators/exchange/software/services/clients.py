"""Which software acts for an operator: authorised, revoked, known by the journal."""

from datetime import datetime

from django.db import transaction

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.models import CounsellingSession
from operators.exchange.software import rules
from operators.exchange.software.errors import ClientAlreadyRevoked
from operators.exchange.software.models import ApiClient


@transaction.atomic
def create_client(*, name: str, scopes: list[str], by: User, now: datetime) -> tuple[ApiClient, str]:
    """Authorise a software of the manager's organisation; returns it with its secret, shown this once."""
    if by.mandate is None or by.mandate.organisation is None:
        raise ValueError("a manager acts for an organisation")
    secret = rules.new_secret()
    client = ApiClient(
        organisation=by.mandate.organisation,
        name=name.strip(),
        scopes=sorted(scopes),
        created_at=now,
        created_by=by,
    )
    client.secret_hash = rules.hash_secret(client.uuid, secret)
    client.save(force_insert=True)
    record(
        action="operators.api_client.created",
        target=client,
        by=by,
        data={"scopes": client.scopes},
        now=now,
    )
    return client, secret


@transaction.atomic
def revoke_client(*, client: ApiClient, by: User, now: datetime) -> ApiClient:
    """End a software's access at once, its tokens included. Raises ClientAlreadyRevoked."""
    locked = ApiClient.objects.select_for_update(of=("self",)).get(pk=client.pk)
    if locked.revoked_at is not None:
        raise ClientAlreadyRevoked("Ce logiciel n’a déjà plus accès.")
    locked.revoked_at = now
    locked.save(update_fields=["revoked_at"])
    record(action="operators.api_client.revoked", target=locked, by=by, now=now)
    return locked


@transaction.atomic
def issue_token(*, client: ApiClient, now: datetime) -> str:
    """A bearer token for an hour; the secret then stays at home."""
    ApiClient.objects.filter(pk=client.pk).update(last_used_at=now)
    return rules.sign_token(client)


def tell_who(
    client: ApiClient, act: str, subject: Appointment | CounsellingSession, *, now: datetime
) -> None:
    """The journal knows no person behind a software: it names the software."""
    record(
        action=f"operators.api_client.{act}",
        target=client,
        by=None,
        data={"appointment" if isinstance(subject, Appointment) else "session": str(subject.uuid)},
        now=now,
    )
