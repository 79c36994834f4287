"""One named account per role, and a first working day for the adviser."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Mandate, Organisation, User
from cep_portal.common.wording.names import of
from cep_portal.demo.dataset.network import Staffed
from cep_portal.demo.dataset.requests import FIRST_DAY, lay_requests
from cep_portal.demo.dataset.scale import Scale
from cep_portal.territories.models import Region
from operators.booking.agenda.models import Appointment
from operators.network.models import Adviser


@dataclass(frozen=True)
class Account:
    role: Role
    email: str
    first_name: str
    last_name: str


ADVISER = "conseil@operateurs.example"
ACCOUNTS = (
    Account(Role.BENEFICIARY, "camille@personnes.example", "Camille", "Le Goff"),
    Account(Role.INTAKE_OFFICER, "accueil@operateurs.example", "Noémie", "Rivière"),
    Account(Role.ADVISER, ADVISER, "Yann", "Kervella"),
    Account(Role.OPERATOR_MANAGER, "responsable@operateurs.example", "Hélène", "Marchand"),
    Account(Role.PARTNER, "partenaire@partenaires.example", "Soazig", "Le Bihan"),
    Account(Role.ANALYST, "etudes@pilotage.example", "Samir", "Benali"),
    Account(Role.CONTRACT_MANAGER, "contrats@pilotage.example", "Claire", "Dumont"),
    Account(Role.BUYER, "achats@pilotage.example", "Marc", "Aubry"),
    Account(Role.DECIDER, "decision@pilotage.example", "Isabelle", "Faure"),
    Account(Role.COMMITTEE_MEMBER, "comite@regions.example", "Paul", "Guivarch"),
    Account(Role.ADMINISTRATOR, "administration@pilotage.example", "Inès", "Laurent"),
)


def build(staffed: Staffed, scale: Scale, *, password: str, now: datetime) -> None:
    """Users and mandates of every role; the adviser's account takes over the given colleague's agenda."""
    region = Region.objects.get(pk=scale.region)
    partner = Organisation.objects.create(
        name=f"Maison des services {of(staffed.site.commune.name)} (fictive)", is_fictional=True
    )
    for account in ACCOUNTS:
        if account.role == Role.ADVISER:
            user = staffed.adviser.user
            user.email, user.first_name, user.last_name = account.email, account.first_name, account.last_name
            user.save(update_fields=["email", "first_name", "last_name"])
            continue
        user = User.objects.create(
            email=account.email,
            first_name=account.first_name,
            last_name=account.last_name,
            password=password if account.role != Role.BENEFICIARY else "!",
        )
        organisation = partner if account.role in Role.of_partners else staffed.site.contract.holder
        _mandate(user, account.role, organisation, region, scale.since)
        if account.role == Role.BENEFICIARY:
            _person(user, staffed.adviser, account, now)
    lay_requests(site=staffed.site, day=now.date(), wishes=FIRST_DAY)
    # The contract manager also buys: the demonstration of the role switch.
    manager = User.objects.get(email="contrats@pilotage.example")
    _mandate(manager, Role.BUYER, staffed.site.contract.holder, region, scale.since)


def acting(email: str) -> User:
    """A named account under its mandate, as a request would have it."""
    user = User.objects.get(email=email)
    user.mandate = user.mandates.order_by("pk").first()
    return user


def _mandate(user: User, role: Role, holder: Organisation, region: Region, since: date) -> None:
    committee = role in Role.of_regions
    Mandate.objects.create(
        user=user,
        role=role,
        organisation=holder if role in (*Role.of_operators, *Role.of_partners) else None,
        region_code=region.code if committee else None,
        region_name=region.name if committee else "",
        starts_on=since,
    )


def _person(user: User, adviser: Adviser, account: Account, now: datetime) -> None:
    """The person's account takes over who came most and has a booked appointment to come."""
    appointment = (
        Appointment.objects.to_come(now)
        .filter(adviser=adviser)
        .select_related("beneficiary")
        .annotate(
            past=Count("beneficiary__appointments", filter=Q(beneficiary__appointments__state="ATTENDED"))
        )
        .order_by("past", "period", "pk")
        .last()
    )
    if appointment is None:
        return
    Beneficiary.objects.filter(pk=appointment.beneficiary_id).update(
        user=user,
        email=account.email,
        email_verified_at=now,
        first_name=account.first_name,
        last_name=account.last_name,
    )
