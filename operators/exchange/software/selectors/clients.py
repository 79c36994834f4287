from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from cep_portal.accounts.models import User
from operators.exchange.software.models import ApiClient


def own_clients(*, user: User) -> QuerySet[ApiClient]:
    """The software of a manager's organisation, the live ones first."""
    return ApiClient.objects.visible_to(user).order_by("-revoked_at", "name", "pk")


def live_client(*, uuid: UUID | str) -> ApiClient | None:
    """A client that was not revoked; None for anything else, an identifier of another shape too."""
    try:
        return ApiClient.objects.filter(uuid=uuid, revoked_at__isnull=True).first()
    except ValidationError:
        return None
