"""How soon sessions are logged, by place and adviser: from the two clocks of each session."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, DateTimeField, DurationField, ExpressionWrapper, F, Q, QuerySet, Value

from cep_portal.accounts.models import User
from cep_portal.common.days import first_of_month, months_later
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.models import CounsellingSession
from operators.casework.pathways.rules import SOFT_CLOCK
from operators.network.models import Adviser, Site

MONTHS_SHOWN = 6


@dataclass
class Counts:
    """Sessions of a month: logged, of which late and after the month; and those still to log."""

    logged: int = 0
    late: int = 0
    after_month: int = 0
    missing: int = 0

    @property
    def in_time_rate(self) -> float | None:
        """In percent of what took place: a session still to log is not in time once two days old."""
        whole = self.logged + self.missing
        return (self.logged - self.late) * 100 / whole if whole else None

    def add(self, other: "Counts") -> None:
        self.logged += other.logged
        self.late += other.late
        self.after_month += other.after_month
        self.missing += other.missing


@dataclass
class AdviserLine:
    adviser: Adviser
    counts: Counts = field(default_factory=Counts)


@dataclass
class SiteLines:
    site: Site
    advisers: list[AdviserLine] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)


@dataclass(frozen=True)
class Quality:
    sites: tuple[SiteLines, ...]
    total: Counts


def months_shown(on: date) -> list[date]:
    """The first days of the present month and of those before, latest first."""
    return [months_later(first_of_month(on), -number) for number in range(MONTHS_SHOWN)]


def log_quality(*, user: User, month: date, now: datetime) -> Quality:
    """The sessions of a local month by place of who held them; three queries whatever the team.

    Late: logged more than two days after the end. Still to log: an appointment that is over for two days
    and about which nobody said what it became.
    """
    found = {line.adviser.pk: line for line in _team(user)}
    for row in _logged(user, month):
        counts = found[row["adviser"]].counts
        counts.logged, counts.late, counts.after_month = row["logged"], row["late"], row["after_month"]
    for row in _missing(user, month, now=now):
        found[row["adviser"]].counts.missing = row["missing"]
    return _grouped(found.values())


def _team(user: User) -> list[AdviserLine]:
    advisers = Adviser.objects.visible_to(user).select_related("user", "site")
    ordered = advisers.order_by("site__name", "site", "user__last_name", "user__first_name", "pk")
    return [AdviserLine(one) for one in ordered]


def _logged(user: User, month: date) -> QuerySet:
    ends = ExpressionWrapper(
        F("starts_at") + F("duration_minutes") * Value(timedelta(minutes=1)), output_field=DateTimeField()
    )
    sessions = CounsellingSession.objects.filter(
        adviser__in=Adviser.objects.visible_to(user),
        held_on__gte=month,
        held_on__lt=months_later(month, 1),
    ).annotate(logged_after=ExpressionWrapper(F("recorded_at") - ends, output_field=DurationField()))
    month_over = datetime.combine(months_later(month, 1), time.min, ZoneInfo(settings.TIME_ZONE))
    return (
        sessions.values("adviser")
        .annotate(
            logged=Count("pk"),
            late=Count("pk", filter=Q(logged_after__gt=SOFT_CLOCK)),
            after_month=Count("pk", filter=Q(recorded_at__gte=month_over)),
        )
        .order_by("adviser")
    )


def _missing(user: User, month: date, *, now: datetime) -> QuerySet:
    zone = ZoneInfo(settings.TIME_ZONE)
    starts, ends = (datetime.combine(day, time.min, zone) for day in (month, months_later(month, 1)))
    over = Appointment.objects.to_log(now - SOFT_CLOCK).filter(
        adviser__in=Adviser.objects.visible_to(user),
        period__startswith__gte=starts,
        period__startswith__lt=ends,
    )
    return over.values("adviser").annotate(missing=Count("pk")).order_by("adviser")


def _grouped(lines: Any) -> Quality:
    """Who neither held nor owes anything is left out."""
    sites: dict[int, SiteLines] = {}
    total = Counts()
    for line in lines:
        if line.counts.in_time_rate is None:
            continue
        place = sites.setdefault(line.adviser.site_id, SiteLines(line.adviser.site))
        place.advisers.append(line)
        place.counts.add(line.counts)
        total.add(line.counts)
    return Quality(tuple(sites.values()), total)
