from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from cep_portal.accounts.models import User
from operators.agenda.enums import AppointmentState
from operators.agenda.models import Appointment
from operators.agenda.selectors import SlotTime, slot_times
from operators.network.models import Site
from operators.software.models import ApiClient
from operators.software.rules import SoftwareUser


def own_clients(*, user: User) -> QuerySet[ApiClient]:
    """The software of a manager's organisation, the live ones first."""
    return ApiClient.objects.visible_to(user).order_by("-revoked_at", "name", "pk")


def live_client(*, uuid: UUID | str) -> ApiClient | None:
    """A client that was not revoked; None for anything else, an identifier of another shape too."""
    try:
        return ApiClient.objects.filter(uuid=uuid, revoked_at__isnull=True).first()
    except ValidationError:
        return None


def own_sites(*, user: SoftwareUser) -> QuerySet[Site]:
    sites = Site.objects.visible_to(user).filter(is_open=True)
    return sites.select_related("commune", "contract").order_by("pk")


def own_site(*, user: SoftwareUser, uuid: UUID) -> Site | None:
    return own_sites(user=user).filter(uuid=uuid).first()


def own_appointments(*, user: SoftwareUser) -> QuerySet[Appointment]:
    """The operator's appointments whatever their channel, holds left out; another's do not exist."""
    own = (
        Appointment.objects.visible_to(user)
        .filter(beneficiary__isnull=False)
        .exclude(state__in=AppointmentState.never_booked)
    )
    return own.select_related(
        "site__commune",
        "site__contract",
        "service_request",
        "beneficiary",
        "moved_from",
        "moved_to",
    ).order_by("pk")


def own_appointment(*, user: SoftwareUser, uuid: UUID) -> Appointment | None:
    return own_appointments(user=user).filter(uuid=uuid).first()


def site_slots(
    *,
    site: Site,
    starts: datetime,
    ends: datetime,
    level: str,
    mode: str,
    access_needs: Collection[str],
    now: datetime,
) -> list[SlotTime]:
    """The hours of a site in a window for who has these needs: those of the person's own page."""
    return slot_times(
        contract=site.contract,
        site=site,
        starts=starts,
        ends=ends,
        level=level,
        mode=mode,
        access_needs=access_needs,
        now=now,
    )
