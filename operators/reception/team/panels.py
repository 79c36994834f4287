"""What an operator does before its first session, read from what is there: nothing is ticked by hand."""

from datetime import datetime

from django.db.models import Q

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Mandate, User
from cep_portal.common.days import local_day
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment, OpeningRule
from operators.booking.agenda.selectors import next_availability
from operators.casework.pathways.models import CounsellingSession
from operators.network.models import Adviser, Site
from operators.reception.team.hooks import STEPS, Beginning, Step
from procurement.contracts.models import Contract


def place_step(beginning: Beginning) -> Step:
    return Step(
        "Ouvrir un lieu",
        "Adresse, téléphone, accès : ce que le public lit.",
        Site.objects.visible_to(beginning.user).filter(is_open=True).exists(),
        "operators:site_add",
    )


def invitation_step(beginning: Beginning) -> Step:
    return Step(
        "Inviter un conseiller",
        "Un lien par courriel, valable une fois.",
        Adviser.objects.visible_to(beginning.user).filter(is_active=True).exists(),
        "operators:adviser_invite",
    )


def opening_step(beginning: Beginning) -> Step:
    """Each active adviser has opened hours."""
    active = Adviser.objects.visible_to(beginning.user).filter(is_active=True)
    running = Q(last_on__isnull=True) | Q(last_on__gte=local_day(beginning.now))
    rules = OpeningRule.objects.filter(running).values("adviser")
    missing = active.exclude(pk__in=rules).count()
    text = "Chaque conseiller ouvre ses heures, depuis Mes ouvertures."
    if missing:
        text = f"Conseillers sans plage : {missing}. Chacun ouvre ses heures, depuis Mes ouvertures."
    return Step("Ouvrir des plages", text, not missing and active.exists(), "operators:team")


def slot_step(beginning: Beginning) -> Step:
    """Each contract in force has a free hour: what a person would see."""
    contracts = Contract.objects.visible_to(beginning.user).in_force(local_day(beginning.now)).order_by("pk")
    free = [
        next_availability(contract=contract, after=beginning.now, now=beginning.now) for contract in contracts
    ]
    return Step(
        "Proposer un premier créneau",
        "Ce que le public voit, pour chacun de vos contrats.",
        bool(free) and None not in free,
        "operators:capacity",
    )


def booking_step(beginning: Beginning) -> Step:
    booked = Appointment.objects.filter(site__contract__holder=_holder(beginning.user))
    return Step(
        "Prendre un premier rendez-vous",
        "En ligne, ou par votre accueil au téléphone.",
        booked.exclude(state__in=AppointmentState.never_booked).exists(),
        "operators:team",
    )


def session_step(beginning: Beginning) -> Step:
    return Step(
        "Saisir une première séance",
        "Le conseiller la saisit depuis Aujourd’hui ; c’est l’acte payé.",
        CounsellingSession.objects.filter(site__contract__holder=_holder(beginning.user)).exists(),
        "operators:log_quality",
    )


def deputy_step(beginning: Beginning) -> Step:
    today = local_day(beginning.now)
    managers = Mandate.objects.active(today).filter(
        role=Role.OPERATOR_MANAGER, organisation=_holder(beginning.user), user__is_active=True
    )
    return Step(
        "Avoir un deuxième responsable",
        "Pour ne jamais dépendre d’une seule personne. Demandez-le à France compétences.",
        managers.values("user").distinct().count() > 1,
        "operators:team",
        is_optional=True,
    )


def _holder(user: User) -> int | None:
    return user.mandate.organisation_id if user.mandate else None


OWN_STEPS = (
    (10, place_step),
    (20, invitation_step),
    (30, opening_step),
    (40, slot_step),
    (50, booking_step),
    (60, session_step),
    (80, deputy_step),
)


def steps_for(*, user: User, now: datetime) -> list[Step]:
    """Every step of the operator of a user, in order."""
    beginning = Beginning(user, now)
    return [step(beginning) for step in STEPS.among(*OWN_STEPS)]
