"""A small country for the journeys: one operator, its site, a month of past, people of every role."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import ScryptPasswordHasher
from django.db import connection
from django.utils import timezone

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.models import CounsellingSession
from operators.network.models import Adviser, Site
from procurement.contracts.models import Contract
from reporting.kpis.rules.periods import Period, last_closed_month
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import (
    AdviserFactory,
    AppointmentFactory,
    CounsellingSessionFactory,
    OpeningRuleFactory,
    PathwayFactory,
    SiteFactory,
)
from tests.factories.procurement import CommitmentVersionFactory, ContractFactory, LotFactory, RuleSetFactory
from tests.factories.territories import (
    CommuneFactory,
    CommunePostcodeFactory,
    EmployedPopulationFactory,
    RegionFactory,
)

PASSWORD = "une phrase assez longue"
# As the running portal hashes: the tests' own hasher is a fast one that it refuses.
HASHED = ScryptPasswordHasher().encode(PASSWORD, "journeys")
POINTS = {
    "kind": "points",
    "bands": [{"shortfall_below": "1.0", "points": 1}, {"shortfall_below": "2.0", "points": 2}],
    "beyond_points": 4,
    "repeat_factor": 2,
    "amount_per_point": "400.00",
    "demonstration": True,
}
RULES = {
    "closing": {"provisional_days": 3, "contest_days": 6, "freeze_days": 12},
    "hearing": {"days": 15, "from": "received", "roll": "next_working_day", "ref": "14.1.1"},
    "exemption": {"amount": "1000.00", "mode": "threshold", "scope": "contract", "ref": "14.1.3"},
    "cap": {"rate": "0.10", "scope": ["contract"], "ref": "14.1.2"},
    "missed_target": POINTS,
}


@dataclass
class World:
    contract: Contract
    site: Site
    adviser: Adviser
    month: Period
    people: dict[str, User]


def build_world(*, reunion: bool = False, past_people: int = 32) -> World:
    """Openings all week long, and a month of people received, with one appointment in four missed."""
    region = RegionFactory(reunion=True) if reunion else RegionFactory()
    commune = CommuneFactory(reunion=True) if reunion else CommuneFactory()
    CommunePostcodeFactory(commune=commune, postcode="97400" if reunion else "35000")
    EmployedPopulationFactory(region=region)
    lot = LotFactory(regions=[region], market__rule_set=RuleSetFactory(params=RULES))
    contract = ContractFactory(lot=lot, holder=OrganisationFactory(name="Le Phare (fictif)"))
    site = SiteFactory(
        contract=contract, commune=commune, zone=commune.department.zone, name="Espace du port"
    )
    adviser = AdviserFactory(site=site, user__password=HASHED)
    for weekday in range(1, 8):
        OpeningRuleFactory(
            adviser=adviser, weekday=weekday, opens=time(8), closes=time(20), first_on=date(2024, 1, 1)
        )
    month = last_closed_month(timezone.localdate())
    for place in range(past_people):
        _received(adviser, month, place)
        if place % 3 == 0:
            _missed(adviser, month, place)
    CommitmentVersionFactory(
        commitment__contract=contract,
        commitment__title="Limiter les rendez-vous manqués",
        indicator="no_show_rate",
        target=Decimal(14),
    )
    people = {role: _agent(role, contract, region) for role in Role.agents if role != Role.ADVISER}
    return World(contract, site, adviser, month, {**people, Role.ADVISER: adviser.user})


def _agent(role: str, contract: Contract, region) -> User:
    scope = {"role__organisation": contract.holder} if role in Role.of_operators else {}
    if role in Role.of_regions:
        scope = {"role__region": region}
    return UserFactory(role=role, password=HASHED, **scope)


def _received(adviser: Adviser, month: Period, place: int) -> None:
    """Somebody received last month, one after the other, twenty days after the request."""
    zone = ZoneInfo(adviser.site.zone)
    day = month.starts_on + timedelta(days=place % 24)
    starts_at = datetime.combine(day, time(8 + 2 * (place // 24)), zone)
    person = BeneficiaryFactory(created_at=starts_at - timedelta(days=20))
    asked = ServiceRequestFactory(
        contract=adviser.site.contract,
        commune=adviser.site.commune,
        beneficiary=person,
        requested_at=starts_at - timedelta(days=20),
        state="SERVED",
    )
    pathway = PathwayFactory(beneficiary=person, adviser=adviser, service_request=asked, entered_on=day)
    appointment = AppointmentFactory(
        adviser=adviser,
        beneficiary=person,
        service_request=asked,
        starts_at=starts_at,
        state="ATTENDED",
        booked_at=starts_at - timedelta(days=19),
    )
    CounsellingSessionFactory(pathway=pathway, appointment=appointment, starts_at=starts_at)


def _missed(adviser: Adviser, month: Period, place: int) -> None:
    """Somebody did not come last month: one appointment in four, when the promise is one in seven."""
    day = month.starts_on + timedelta(days=place % 24)
    starts_at = datetime.combine(day, time(14 + 2 * (place // 24)), ZoneInfo(adviser.site.zone))
    AppointmentFactory(
        adviser=adviser, starts_at=starts_at, state="NO_SHOW", booked_at=starts_at - timedelta(days=9)
    )


def time_passes(appointment: Appointment, *, until: Period) -> None:
    """Weeks go by: the appointment and its request now lie in a month that is over.

    No service may do this: the triggers that forbid it are set aside for one statement each.
    """
    starts_at = appointment.period.lower
    weeks = next(
        count
        for count in range(1, 12)
        if (starts_at - timedelta(weeks=count)).date().replace(day=1) == until.starts_on
    )
    past = f"interval '{weeks * 7} days'"
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE operators_appointment SET"
            f" period = tstzrange(lower(period) - {past}, upper(period) - {past}),"
            f" busy_period = tstzrange(lower(busy_period) - {past}, upper(busy_period) - {past}),"
            f" booked_at = booked_at - {past} WHERE id = %s",
            [appointment.pk],
        )
        cursor.execute(
            f"UPDATE beneficiaries_servicerequest SET requested_at = requested_at - {past} WHERE id = %s",
            [appointment.service_request_id],
        )
        cursor.execute("SET session_replication_role = origin")


def sessions_of(appointment: Appointment) -> int:
    return CounsellingSession.objects.filter(appointment=appointment).count()
