"""One person with something in every table, under names that nothing else bears."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from beneficiaries.request.models import Beneficiary, ServiceRequest
from beneficiaries.request.services import store_attestation
from beneficiaries.request.services.contact import set_preferences
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record_opening
from cep_portal.messaging.services import enqueue_message
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.models import Pathway
from tests.clock import moved, present
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import (
    AdviserFactory,
    AppointmentFactory,
    CounsellingSessionFactory,
    PathwayFactory,
)

NOW = present()
CANARIES = ("Zéphyrine", "Quetzalcoatl", "zephyrine.q@exemple.example", "06 39 98 55 44", "+33639985544")


@dataclass(frozen=True)
class Person:
    row: Beneficiary
    user: User
    request: ServiceRequest
    pathway: Pathway
    past: Appointment


def somebody(*, coming: datetime | None = None) -> Person:
    """Received once in October, with an account, an attestation and messages; `coming` books a session."""
    user = UserFactory(
        role=Role.BENEFICIARY, email=CANARIES[2], first_name=CANARIES[0], last_name=CANARIES[1]
    )
    row = BeneficiaryFactory(
        user=user, first_name=CANARIES[0], last_name=CANARIES[1], email=CANARIES[2], phone=CANARIES[3]
    )
    adviser = AdviserFactory()
    request = ServiceRequestFactory(
        beneficiary=row, contract=adviser.site.contract, access_needs=["STEP_FREE"]
    )
    store_attestation(
        service_request=request,
        title="Attestation de demande",
        content=f"%PDF {CANARIES[0]}".encode(),
        check_code="ABCDABCDABCDABCD",
        now=NOW,
    )
    past = AppointmentFactory(
        adviser=adviser,
        beneficiary=row,
        service_request=request,
        starts_at=moved("2026-10-05 10:00"),
        state=AppointmentState.ATTENDED,
        booked_at=moved("2026-10-01 10:00"),
    )
    pathway = PathwayFactory(adviser=adviser, beneficiary=row, service_request=request)
    CounsellingSessionFactory(pathway=pathway, appointment=past)
    if coming:
        AppointmentFactory(adviser=adviser, beneficiary=row, service_request=request, starts_at=coming)
    set_preferences(
        beneficiary=row,
        by_email=True,
        by_sms=True,
        discreet=True,
        contact_hours="ANY",
        reminders=True,
        now=NOW,
        by=user,
    )
    for key, recipient in (("canary", CANARIES[2]), ("canary-due", CANARIES[2])):
        enqueue_message(
            key=key,
            recipient=recipient,
            subject="Votre rendez-vous",
            body=f"Bonjour {CANARIES[0]}",
            now=NOW,
            due_at=NOW + timedelta(days=1),
        )
    record_opening(target=pathway, by=_with_mandate(adviser.user), now=NOW)
    return Person(row, user, request, pathway, past)


def _with_mandate(user: User) -> User:
    user.mandate = user.mandates.get()
    return user


def found_in_base(*words: str) -> list[str]:
    """« table: word » for each table of the base that holds a word anywhere."""
    found = []
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names()):
            for word in words:
                cursor.execute(
                    f'SELECT 1 FROM "{table}" AS one WHERE one::text ILIKE %s LIMIT 1',
                    [f"%{word}%"],
                )
                if cursor.fetchone():
                    found.append(f"{table}: {word}")
    return found
