"""What information meetings add: a way out of the slot page, a site's page, a person's rights."""

from django.urls import reverse

from beneficiaries.rights.hooks import ACTIVITIES, RELEASES
from beneficiaries.space.hooks import OpenSpace
from cep_portal.common.navigation import MENU, Entry
from cep_portal.common.page_parts import PagePart
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.hooks import CHECKS, COMPOSERS, OWED, Check, Owed
from operators.booking.agenda.hooks import MEETINGS, OWN_MEETINGS, WAYS_OUT, NothingFits, OwnMeeting, WayOut
from operators.booking.groups import links, notices, person_file, selectors
from operators.booking.groups.notices import reminders
from operators.menus import ADVISER, MANAGER
from operators.network.enums import Mode
from operators.network.hooks import PARTS, ReadSite

SHOWN = 5


def group_way_out(asked: NothingFits) -> WayOut | None:
    """Another way to be informed sooner, when the operator holds meetings."""
    if not selectors.has_sessions(contract=asked.service_request.contract, now=asked.now):
        return None
    return WayOut(
        label="Venir à une réunion d’information",
        url=reverse("operators:group_choose", args=[asked.service_request.reference]),
    )


def own_meetings(space: OpenSpace) -> list[OwnMeeting]:
    """The places a person keeps in meetings to come, soonest first; one query."""
    return [
        OwnMeeting(
            starts_at=place.session.starts_at,
            zone=place.session.site.zone,
            title=place.session.get_topic_display(),
            where=place.session.site.name
            if place.session.mode == Mode.ON_SITE
            else place.session.get_mode_display(),
            url=links.place_path(place),
        )
        for place in selectors.coming_places(beneficiary=space.beneficiary, now=space.now)
    ]


def site_groups(read: ReadSite) -> dict | None:
    """The next meetings of a site; hidden when there is none."""
    sessions = list(selectors.public_sessions(now=read.now, site=read.site)[:SHOWN])
    return {"sessions": sessions} if sessions else None


def contribute() -> None:
    MENU.add(Entry("Réunions", "operators:group_desk", ADVISER | MANAGER, order=46))
    OWED.add(Owed(MessageKind.REMINDER, reminders.missing_reminders))
    COMPOSERS.add(*notices.COMPOSERS, *reminders.COMPOSERS)
    CHECKS.add(Check(notices.COMING, notices.is_coming))
    RELEASES.add(person_file.give_back_coming, order=20)
    ACTIVITIES.add(person_file.had_place_since)
    WAYS_OUT.add(group_way_out, order=60)
    MEETINGS.add(selectors.first_start)
    OWN_MEETINGS.add(own_meetings)
    PARTS.add(PagePart("Réunions d’information", "operators/booking/groups/site_block.html", site_groups))
