"""What groups add to the pages below: ways out of the slot page, meetings on a site's page."""

from datetime import datetime

from django.urls import reverse

from beneficiaries.request.models import Beneficiary, ServiceRequest
from operators.booking.agenda.registry import OwnMeeting, WayOut
from operators.booking.groups import links, selectors
from operators.network.enums import Mode
from operators.network.models import Site

SHOWN = 5


def group_way_out(*, service_request: ServiceRequest, query: str, now: datetime) -> WayOut | None:  # noqa: ARG001 -- the registry's signature
    """Another way to be informed sooner, when the operator holds meetings."""
    if not selectors.has_sessions(contract=service_request.contract, now=now):
        return None
    return WayOut(
        label="Venir à une réunion d’information",
        url=reverse("operators:group_choose", args=[service_request.reference]),
    )


def own_meetings(*, beneficiary: Beneficiary, now: datetime) -> list[OwnMeeting]:
    """The places a person keeps in meetings to come, soonest first; one query."""
    return [
        OwnMeeting(
            starts_at=one.session.starts_at,
            zone=one.session.site.zone,
            title=one.session.get_topic_display(),
            where=one.session.site.name
            if one.session.mode == Mode.ON_SITE
            else one.session.get_mode_display(),
            url=links.place_path(one),
        )
        for one in selectors.coming_places(beneficiary=beneficiary, now=now)
    ]


def site_groups(*, site: Site, now: datetime) -> dict | None:
    """The next meetings of a site; hidden when there is none."""
    sessions = list(selectors.public_sessions(now=now, site=site)[:SHOWN])
    return {"sessions": sessions} if sessions else None
