"""What each file holds, column by column: the page, the request and the file are made from here.

A person is a number that means nothing outside the file: the same in all its lines, another one elsewhere.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import (
    CharField,
    Count,
    DateField,
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    Window,
)
from django.db.models.functions import MD5, Cast, Concat, DenseRank, TruncMonth

from cep_portal.common.days import local, local_day
from operators.booking.agenda.enums import AppointmentState, CancelledBy, Channel
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.models import CounsellingSession
from operators.exchange.extracts.enums import ExtractKind
from operators.exchange.extracts.models import Extract
from operators.network.enums import Mode, ServiceLevel
from operators.network.models import Site

BATCH = 2_000
COUNTED = ("one", "two", "minutes", "people", "attended", "missed", "cancelled")  # of a month and a site
type Line = Sequence[str | int]


class BookedDay(Func):
    """The day of an appointment in the zone of its site."""

    template = "((lower(%(expressions)s))::date)"
    arg_joiner = ") AT TIME ZONE ("
    output_field = DateField()


@dataclass(frozen=True)
class Column:
    label: str
    text: str  # what it says, as who asks and who judges read it


@dataclass(frozen=True)
class Table:
    """One kind of file. `count` gives how many lines are to come, `lines` gives them one by one."""

    columns: tuple[Column, ...]
    count: Callable[[Extract], int]
    lines: Callable[[Extract], Iterator[Line]]

    @property
    def heading(self) -> list[str]:
        return [column.label for column in self.columns]


PLACE = Column("Lieu", "nom du lieu")
PERSON = Column("Personne", "numéro propre à ce fichier, qui ne mène à personne")
LEVEL = Column("Niveau", "niveau 1 ou 2")
MODE = Column("Modalité", "sur place, par téléphone, en visio")


def _number(path: str, salt: str) -> Window:
    """The rank of a person in an order that only this file has."""
    shuffled = MD5(Concat(Cast(path, CharField()), Value(salt), output_field=CharField()))
    return Window(DenseRank(), order_by=shuffled, output_field=IntegerField())


def _sessions(extract: Extract) -> QuerySet[CounsellingSession]:
    """Those held at the organisation's places; who froze the file is left out, as everywhere."""
    return CounsellingSession.objects.filter(
        site__contract__holder=extract.organisation_id,
        held_on__range=(extract.starts_on, extract.ends_on),
        pathway__beneficiary__restricted_at__isnull=True,
    )


def _session_lines(extract: Extract) -> Iterator[Line]:
    rows = (
        _sessions(extract)
        .annotate(person=_number("pathway__beneficiary__uuid", str(extract.uuid)))
        .order_by("held_on", "site__name", "pk")
        .values_list(
            *("held_on", "site__name", "person", "level", "mode", "duration_minutes", "is_unplanned"),
            *("recorded_at", "zone"),
        )
    )
    for day, place, person, level, mode, minutes, unplanned, recorded, zone in rows.iterator(BATCH):
        yield (
            day.isoformat(),
            place,
            person,
            ServiceLevel(level).label,
            Mode(mode).label,
            minutes,
            "oui" if unplanned else "non",
            local_day(recorded, zone).isoformat(),
        )


def _appointments(extract: Extract) -> QuerySet:
    day = timedelta(days=1)
    return (
        Appointment.objects.filter(
            site__contract__holder=extract.organisation_id,
            beneficiary__restricted_at__isnull=True,
            beneficiary__isnull=False,
            # Wide enough for every zone; the day below decides.
            period__startswith__range=(
                _midnight(extract.starts_on - day),
                _midnight(extract.ends_on + 2 * day),
            ),
        )
        .exclude(state__in=AppointmentState.never_booked)
        .annotate(day=BookedDay(F("period"), F("site__zone")))
        .filter(day__gte=extract.starts_on, day__lte=extract.ends_on)
    )


def _appointment_lines(extract: Extract) -> Iterator[Line]:
    rows = (
        _appointments(extract)
        .annotate(person=_number("beneficiary__uuid", str(extract.uuid)))
        .order_by("day", "period", "site__name", "pk")
        .values_list(
            *("period", "site__name", "site__zone", "person", "level", "mode", "state", "cancelled_by"),
            *("channel", "booked_at"),
        )
    )
    for period, place, zone, person, level, mode, state, by, channel, booked in rows.iterator(BATCH):
        starts = local(period.lower, zone)
        yield (
            starts.date().isoformat(),
            f"{starts:%H:%M}",
            place,
            person,
            ServiceLevel(level).label,
            Mode(mode).label,
            AppointmentState(state).label,
            CancelledBy(by).label if by else "",
            Channel(channel).label,
            local_day(booked, zone).isoformat(),
        )


def _activity(extract: Extract) -> dict[tuple[str, int], dict[str, int]]:
    """Counts by month and site; a site of the operator where nothing happened has no line."""
    counts: dict[tuple[str, int], dict[str, int]] = {}
    held = (
        _sessions(extract)
        .annotate(month=TruncMonth("held_on"))
        .values("month", "site")
        .annotate(
            one=Count("pk", filter=Q(level=ServiceLevel.ONE)),
            two=Count("pk", filter=Q(level=ServiceLevel.TWO)),
            minutes=Sum("duration_minutes"),
            people=Count("pathway__beneficiary", distinct=True),
        )
        .order_by()
    )
    states = {
        "attended": AppointmentState.ATTENDED,
        "missed": AppointmentState.NO_SHOW,
        "cancelled": AppointmentState.CANCELLED,
    }
    booked = (
        _appointments(extract)
        .annotate(month=TruncMonth("day"))
        .values("month", "site")
        .annotate(**{name: Count("pk", filter=Q(state=state)) for name, state in states.items()})
        .order_by()
    )
    for row in (*held, *booked):
        key = (f"{row['month']:%Y-%m}", row["site"])
        found = counts.setdefault(key, dict.fromkeys(COUNTED, 0))
        found.update((name, value) for name, value in row.items() if name in COUNTED)
    return counts


def _activity_lines(extract: Extract) -> Iterator[Line]:
    counts = _activity(extract)
    names = dict(Site.objects.filter(pk__in={site for _, site in counts}).values_list("pk", "name"))
    for month, site in sorted(counts, key=lambda key: (key[0], names[key[1]], key[1])):
        count = counts[month, site]
        yield (month, names[site], *(count[name] for name in COUNTED))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("UTC"))


TABLES = {
    ExtractKind.ACTIVITY: Table(
        columns=(
            Column("Mois", "mois local des séances et des rendez-vous"),
            PLACE,
            Column("Séances niveau 1", "séances tenues"),
            Column("Séances niveau 2", "séances tenues"),
            Column("Minutes", "durée des séances"),
            Column("Personnes reçues", "personnes différentes du mois, à ce lieu"),
            Column("Rendez-vous honorés", "noté honoré"),
            Column("Non honorés", "noté non honoré"),
            Column("Annulés", "par la personne ou par le service"),
        ),
        count=lambda extract: len(_activity(extract)),
        lines=_activity_lines,
    ),
    ExtractKind.SESSIONS: Table(
        columns=(
            Column("Jour", "jour local de la séance"),
            PLACE,
            PERSON,
            LEVEL,
            MODE,
            Column("Durée (minutes)", "durée réelle"),
            Column("Imprévue", "oui, ou non quand un rendez-vous la précède"),
            Column("Saisie le", "jour de la saisie"),
        ),
        count=lambda extract: _sessions(extract).count(),
        lines=_session_lines,
    ),
    ExtractKind.APPOINTMENTS: Table(
        columns=(
            Column("Jour", "jour local du rendez-vous"),
            Column("Heure", "heure du lieu"),
            PLACE,
            PERSON,
            LEVEL,
            MODE,
            Column("État", "pris, honoré, non honoré, annulé"),
            Column("Annulé par", "la personne ou le service"),
            Column("Pris par", "la personne, un conseiller, un partenaire…"),
            Column("Pris le", "jour de la réservation"),
        ),
        count=lambda extract: _appointments(extract).count(),
        lines=_appointment_lines,
    ),
}


def table_of(kind: str) -> Table:
    return TABLES[ExtractKind(kind)]
