from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from operators.booking.agenda.selectors import SlotTime, slot_times
from operators.exchange.software.rules import SoftwareUser
from operators.network.models import Site


def own_sites(*, user: SoftwareUser) -> QuerySet[Site]:
    sites = Site.objects.visible_to(user).filter(is_open=True)  # type: ignore[arg-type]  # a software reads as its operator
    return sites.select_related("commune", "contract").order_by("pk")


def own_site(*, user: SoftwareUser, uuid: UUID) -> Site | None:
    return own_sites(user=user).filter(uuid=uuid).first()


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
