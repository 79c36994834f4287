"""What a departure would do, to whom: read before the act, as the act would decide."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, Q, When

from cep_portal.common.days import local_day
from operators.booking.agenda.hooks import next_meeting
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.selectors import consequences
from operators.booking.agenda.selectors.consequences import Consequence
from operators.casework.pathways.enums import PathwayState
from operators.casework.pathways.models import Pathway
from operators.moving.handovers.selectors import colleagues_of, loans_to, portfolio
from operators.network.models import Adviser, AdviserQuerySet, Site


@dataclass(frozen=True)
class Departure:
    """Each booking to come and what would become of it, the pathways to give, those on loan that return to
    their lenders, how many people are told, the meeting that forbids it."""

    consequences: tuple[Consequence, ...]
    pathway_count: int
    loan_count: int
    people_count: int
    meeting_at: datetime | None


def departure_of(*, adviser: Adviser, colleague: Adviser | None, now: datetime) -> Departure:
    """What suspend_adviser would do with this colleague, or without."""
    found = consequences.consequences(adviser=adviser, starts_at=now, ends_at=None, first=colleague, now=now)
    loans = loans_to(colleague=adviser)
    gone = loans.filter(former__is_active=False)  # the lender has left: it is given on with the rest
    whole = Pathway.objects.filter(Q(pk__in=portfolio(adviser=adviser)) | Q(pk__in=gone.values("pathway")))
    followed = set(whole.values_list("beneficiary", flat=True)) if colleague else set()
    return Departure(
        consequences=tuple(found),
        pathway_count=whole.count(),
        loan_count=loans.filter(former__is_active=True).count(),
        people_count=len(followed | {consequence.appointment.beneficiary_id for consequence in found}),
        meeting_at=next_meeting(adviser=adviser, starts_at=now, ends_at=None, now=now),
    )


def stand_ins_for(*, adviser: Adviser) -> AdviserQuerySet:
    """Who could follow an adviser's people: those of the same place first, who follow fewest first."""
    followed = Count("pathways", filter=Q(pathways__state=PathwayState.OPEN))
    here = Case(When(site=adviser.site_id, then=0), default=1)
    return (
        colleagues_of(adviser=adviser)
        .annotate(pathway_count=followed, is_elsewhere=here)
        .order_by("is_elsewhere", "pathway_count", "user__last_name", "user__first_name", "pk")
    )


@dataclass(frozen=True)
class SiteClosing:
    """Who is booked there, who belongs to it, the meeting that forbids it."""

    booked: tuple[Appointment, ...]
    advisers: tuple[Adviser, ...]
    meeting_at: datetime | None

    @property
    def is_possible(self) -> bool:
        return not self.advisers and self.meeting_at is None


def closing_of(*, site: Site, now: datetime) -> SiteClosing:
    today = local_day(now, site.zone)
    staying = site.advisers.filter(is_active=True).select_related("user")
    return SiteClosing(
        booked=tuple(consequences.booked_on(site=site, first_on=today, last_on=date(2199, 12, 31), now=now)),
        advisers=tuple(staying.order_by("user__last_name", "user__first_name", "pk")),
        meeting_at=next_meeting(site=site, starts_at=now, ends_at=None, now=now),
    )
