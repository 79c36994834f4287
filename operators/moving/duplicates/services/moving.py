"""Every row that points at the person absorbed, by the treatment its column declares."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.db.models import Exists, Model, OuterRef, QuerySet

from beneficiaries.request.models import Beneficiary
from cep_portal.common.personal_data import Treatment, columns_to, treatment_of
from operators.booking.agenda.models import Appointment
from operators.booking.groups.models import GroupPlace
from operators.casework.pathways.hooks import PERSON_MERGES, PersonMerged
from operators.moving.duplicates.errors import BothBooked
from operators.moving.duplicates.services.ledger import Ledger

# What one person cannot have twice, and what to do first.
TWICE = {
    "appointment_person_never_twice": (
        "Les deux dossiers ont un rendez-vous à la même heure : annulez l’un des deux d’abord, s’il est à"
        " venir. Si les deux ont eu lieu, ce sont deux personnes."
    ),
    "offer_one_pending_a_person": (
        "Les deux dossiers ont un créneau proposé en ce moment : attendez la réponse de la personne."
    ),
    "group_place_once_a_session": (
        "Les deux dossiers ont une place à la même réunion : rendez-en une d’abord."
    ),
}


def move_rows(*, absorbed: Beneficiary, kept: Beneficiary, ledger: Ledger, now: datetime) -> None:
    """Give all that one person has to another. Raises BothBooked when one person cannot have both."""
    for column in columns_to(Beneficiary):
        if treatment_of(column) == Treatment.ENDS:
            QuerySet(column.model).filter(**{column.name: absorbed}, used_at__isnull=True).update(used_at=now)
        else:
            give_rows(column, former=absorbed, present=kept, ledger=ledger)
    _check_places(kept)
    for follow in PERSON_MERGES:
        follow(PersonMerged(absorbed, kept, ledger.note))


def give_rows(column: Any, *, former: Model, present: Model, ledger: Ledger) -> None:
    """Let the rows of a column follow to another person or pathway, when its manifest says so."""
    treatment = treatment_of(column)
    if treatment == Treatment.MOVES or (
        treatment == Treatment.MOVES_IF_NONE
        and not QuerySet(column.model).filter(**{column.name: present}).exists()
    ):
        _move(column, former, present, ledger)


def _check_places(kept: Beneficiary) -> None:
    """The trigger of meetings looks when a place is taken, not when its person is another row."""
    elsewhere = GroupPlace.objects.live().filter(
        beneficiary=OuterRef("beneficiary"), session__period__overlap=OuterRef("session__period")
    )
    booked = Appointment.objects.live().filter(
        beneficiary=OuterRef("beneficiary"), period__overlap=OuterRef("session__period")
    )
    places = GroupPlace.objects.live().filter(beneficiary=kept)
    if places.filter(Exists(booked) | Exists(elsewhere.exclude(pk=OuterRef("pk")))).exists():
        raise BothBooked(
            "Les deux dossiers sont attendus à la même heure, dont une fois à une réunion : annulez d’abord."
        )


def _move(column: Any, former: Model, present: Model, ledger: Ledger) -> None:
    rows: QuerySet = QuerySet(column.model).filter(**{column.name: former}).order_by("pk")
    keys = list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    if not keys:
        return
    try:
        QuerySet(column.model).filter(pk__in=keys).update(**{column.name: present})
    except IntegrityError as refusal:
        diagnostic = getattr(refusal.__cause__, "diag", None)
        words = TWICE.get(diagnostic.constraint_name or "") if diagnostic else None
        if words is None:
            raise
        raise BothBooked(words) from refusal
    if column.primary_key:
        keys = [present.pk]
    ledger.note(column.model, keys, {column.attname: former.pk}, {column.attname: present.pk})
