from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import factory
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q
from factory.django import DjangoModelFactory

from cep_portal.accounts.enums import Role
from operators.booking.agenda.enums import AppointmentState, CancelReason, ReplacementState
from operators.booking.agenda.models import (
    Absence,
    Appointment,
    OpeningException,
    OpeningRule,
    RecurringAbsence,
    Replacement,
)
from operators.casework.pathways.enums import NextStep, Theme
from operators.casework.pathways.models import CounsellingSession, Pathway, SessionCorrection
from operators.exchange.software.enums import Scope
from operators.exchange.software.models import ApiClient
from operators.exchange.software.rules import hash_secret
from operators.network.enums import Mode, ServiceLevel
from operators.network.models import Adviser, Site, SiteClosure, SlotDelay
from tests.clock import moved
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.dates import instant, on_day
from tests.factories.procurement import ContractFactory
from tests.factories.territories import CommuneFactory

MONDAY_NINE = moved("2026-11-30 09:00")


class SiteFactory(DjangoModelFactory):
    class Meta:
        model = Site

    class Params:
        reunion = factory.Trait(
            commune=factory.SubFactory(CommuneFactory, reunion=True),
            zone="Indian/Reunion",
        )

    slug = factory.Sequence(lambda n: f"site-{n}")
    name = factory.Sequence(lambda n: f"Site {n}")
    contract = factory.SubFactory(ContractFactory)
    address = "1 rue de la Démonstration"
    postcode = "35000"
    commune = factory.SubFactory(CommuneFactory)
    zone = "Europe/Paris"
    phone = "02 61 91 00 00"


class AdviserFactory(DjangoModelFactory):
    """An adviser whose user holds the mandate of the site's operator."""

    class Meta:
        model = Adviser

    site = factory.SubFactory(SiteFactory)
    user = factory.SubFactory(
        UserFactory,
        role=Role.ADVISER,
        role__organisation=factory.SelfAttribute("...site.contract.holder"),
    )


class OpeningRuleFactory(DjangoModelFactory):
    """Mondays from 9:00 to 12:00 local time, an hour a slot and 15 minutes after it."""

    class Meta:
        model = OpeningRule

    adviser = factory.SubFactory(AdviserFactory)
    site = factory.SelfAttribute("adviser.site")
    weekday = 1
    opens = time(9)
    closes = time(12)
    first_on = date(2026, 1, 5)
    levels = factory.LazyFunction(lambda: [ServiceLevel.ONE, ServiceLevel.TWO])
    modes = factory.LazyFunction(lambda: list(Mode))


class ApiClientFactory(DjangoModelFactory):
    """A software of an operator with every right; `secret` is what it was given."""

    class Meta:
        model = ApiClient
        exclude = ["secret"]

    secret = "the-secret-of-a-test"
    uuid = factory.LazyFunction(uuid4)
    organisation = factory.SubFactory(OrganisationFactory)
    name = "Logiciel de gestion"
    secret_hash = factory.LazyAttribute(lambda row: hash_secret(row.uuid, row.secret))
    scopes = factory.LazyFunction(lambda: list(Scope.values))
    created_at = instant("2026-01-05 10:00")
    created_by = factory.SubFactory(UserFactory)


class AbsenceFactory(DjangoModelFactory):
    class Meta:
        model = Absence

    adviser = factory.SubFactory(AdviserFactory)
    period = factory.LazyFunction(
        lambda: DateTimeTZRange(moved("2026-11-30 09:00"), moved("2026-11-30 10:00"))
    )


class OpeningExceptionFactory(DjangoModelFactory):
    """Monday 30 November 2026, closed unless hours are given."""

    class Meta:
        model = OpeningException

    rule = factory.SubFactory(OpeningRuleFactory)
    day = on_day("2026-11-30")


class RecurringAbsenceFactory(DjangoModelFactory):
    """Each Monday from 9:00 to 10:00."""

    class Meta:
        model = RecurringAbsence

    adviser = factory.SubFactory(AdviserFactory)
    weekday = 1
    starts = time(9)
    ends = time(10)
    first_on = date(2026, 1, 5)


class SiteClosureFactory(DjangoModelFactory):
    class Meta:
        model = SiteClosure

    site = factory.SubFactory(SiteFactory)
    first_on = on_day("2026-11-30")
    last_on = on_day("2026-11-30")
    reason = "travaux"


class AppointmentFactory(DjangoModelFactory):
    """A booked hour with its quarter of buffer; `starts_at=` moves it, `on_hold=True` holds it."""

    class Meta:
        model = Appointment
        exclude = ["starts_at"]

    class Params:
        on_hold = factory.Trait(
            state=AppointmentState.ON_HOLD,
            beneficiary=None,
            booked_at=None,
            hold_expires_at=instant("2026-11-23 09:10"),
        )

    starts_at = instant("2026-11-30 09:00")
    adviser = factory.SubFactory(AdviserFactory)
    site = factory.SelfAttribute("adviser.site")
    beneficiary = factory.SubFactory(BeneficiaryFactory)
    service_request = None
    period = factory.LazyAttribute(
        lambda row: DateTimeTZRange(row.starts_at, row.starts_at + timedelta(minutes=60))
    )
    busy_period = factory.LazyAttribute(
        lambda row: DateTimeTZRange(row.starts_at, row.starts_at + timedelta(minutes=75))
    )
    level = ServiceLevel.ONE
    mode = Mode.ON_SITE
    state = AppointmentState.BOOKED
    booked_at = instant("2026-11-20 09:00")
    # As if told then: the database would date it from the test's present.
    known_from = factory.LazyAttribute(
        lambda row: (
            row.starts_at
            if row.state in {AppointmentState.ATTENDED, AppointmentState.NO_SHOW}
            else row.booked_at or moved("2026-11-20 09:00")
        )
    )


class SlotDelayFactory(DjangoModelFactory):
    """One night's measure: the first free hours in 5, 6 and 9 days, ten in all; `empty=True` has none."""

    class Meta:
        model = SlotDelay

    class Params:
        empty = factory.Trait(
            **dict.fromkeys(("first_at", "second_at", "third_at", "first_days", "second_days", "third_days")),
            free_count=0,
        )

    site = factory.SubFactory(SiteFactory)
    measured_on = on_day("2026-11-23")
    measured_at = instant("2026-11-23 03:20")
    level = ServiceLevel.ONE
    mode = Mode.ON_SITE
    first_days, second_days, third_days = 5, 6, 9
    first_at = factory.LazyAttribute(lambda row: row.measured_at + timedelta(days=row.first_days))
    second_at = factory.LazyAttribute(lambda row: row.measured_at + timedelta(days=row.second_days))
    third_at = factory.LazyAttribute(lambda row: row.measured_at + timedelta(days=row.third_days))
    free_count = 10
    before_9_count = lunch_count = after_18_count = saturday_count = 0


class ReplacementFactory(DjangoModelFactory):
    """Three slots proposed in the place of a booking, an answer awaited for two days."""

    class Meta:
        model = Replacement

    appointment = factory.SubFactory(AppointmentFactory)
    reason = CancelReason.ADVISER_AWAY
    former_adviser = factory.SelfAttribute("appointment.adviser")
    state = ReplacementState.SLOTS
    asked_at = instant("2026-11-23 17:00")
    answer_by = factory.LazyAttribute(lambda row: row.asked_at + timedelta(hours=48))


class PathwayFactory(DjangoModelFactory):
    class Meta:
        model = Pathway

    beneficiary = factory.SubFactory(BeneficiaryFactory)
    adviser = factory.SubFactory(AdviserFactory)
    contract = factory.SelfAttribute("adviser.site.contract")
    region = factory.SelfAttribute("adviser.site.commune.department.region")
    service_request = factory.SubFactory(
        ServiceRequestFactory,
        contract=factory.SelfAttribute("..contract"),
        beneficiary=factory.SelfAttribute("..beneficiary"),
    )
    entered_on = on_day("2026-10-05")
    known_from = factory.LazyAttribute(lambda row: datetime.combine(row.entered_on, time(), UTC))


def _free_hour(adviser: Adviser, pathway: Pathway) -> datetime:
    """The first hour of 5 October 2026 when neither has a session: none overlaps another."""
    held = CounsellingSession.objects.filter(Q(adviser=adviser) | Q(pathway=pathway))
    taken = [(session.starts_at, session.ends_at) for session in held]
    hour = moved("2026-10-05 10:00")
    while any(start < hour + timedelta(hours=1) and hour < end for start, end in taken):
        hour += timedelta(hours=1)
    return hour


class CounsellingSessionFactory(DjangoModelFactory):
    class Meta:
        model = CounsellingSession

    pathway = factory.SubFactory(PathwayFactory)
    adviser = factory.SelfAttribute("pathway.adviser")
    site = factory.SelfAttribute("adviser.site")
    starts_at = factory.LazyAttribute(lambda session: _free_hour(session.adviser, session.pathway))
    zone = factory.SelfAttribute("site.zone")
    duration_minutes = 60
    level = ServiceLevel.ONE
    mode = Mode.ON_SITE
    themes = factory.LazyFunction(lambda: [Theme.SITUATION])
    next_step = NextStep.NEXT_SESSION
    recorded_at = factory.LazyAttribute(lambda session: session.starts_at + timedelta(hours=2))
    known_from = factory.SelfAttribute("recorded_at")


class SessionCorrectionFactory(DjangoModelFactory):
    """The session said 45 minutes and an adviser wrote an hour."""

    class Meta:
        model = SessionCorrection

    session = factory.SubFactory(CounsellingSessionFactory)
    reason = "TIME"
    channel = "PAGE"
    corrected_at = factory.LazyAttribute(lambda correction: correction.session.recorded_at)
    corrected_by = factory.SelfAttribute("session.adviser.user")

    @factory.lazy_attribute
    def former(self):
        return {
            "starts_at": self.session.starts_at.isoformat(),
            "duration_minutes": 45,
            "adviser": self.session.adviser_id,
            "site": self.session.site_id,
            "level": self.session.level,
            "mode": self.session.mode,
            "themes": list(self.session.themes),
            "next_step": self.session.next_step,
        }
