"""Who resembles whom among the people of one operator; never across operators (ADR 0036)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import Func
from django.db.models.fields import FloatField, TextField
from django.db.models.functions import Lower

from beneficiaries.request.models import Beneficiary, ServiceRequest, phone_tail, searched_name
from beneficiaries.request.rules import folded
from cep_portal.accounts.models import Organisation, User
from operators.booking.agenda.models import Appointment
from operators.casework.desk.selectors import people_of, person_known
from operators.casework.pathways.models import Pathway
from operators.moving.duplicates import rules
from operators.moving.duplicates.enums import Alike, PairState
from operators.moving.duplicates.models import DuplicatePair, PersonMerge

MOST_SHOWN = 5
DIGITS = 9


@dataclass(frozen=True)
class Likeness:
    """Somebody who resembles a person, and by what."""

    person: Beneficiary
    alike: tuple[str, ...]

    @property
    def score(self) -> int:
        return rules.score(self.alike)

    @property
    def words(self) -> str:
        """« même nom, même téléphone »"""
        return words_of(self.alike)


def words_of(alike: Any) -> str:
    return ", ".join(Alike(one).label for one in alike)


def duplicates_of(*, user: User, person: Beneficiary) -> list[Likeness]:
    """Who, among the people the user may see, is perhaps the same human being; the likest first.

    Two people said apart are not proposed again. One query, by the indexes of contacts and names.
    """
    apart = DuplicatePair.objects.filter(
        Q(first=OuterRef("pk"), second=person.pk) | Q(second=OuterRef("pk"), first=person.pk),
        organisation=user.mandate.organisation_id if user.mandate else None,
        state=PairState.APART,
    )
    likenesses = [
        one for one in _likenesses(user, person, _near(person), but=apart) if rules.are_alike(one.alike)
    ]
    return sorted(likenesses, key=lambda one: (-one.score, one.person.pk))[:MOST_SHOWN]


def likeness(*, user: User, person: Beneficiary, other: Beneficiary) -> Likeness | None:
    """What two people whom the user may see have in common; None when the other is not visible. One query."""
    return next(iter(_likenesses(user, person, Q(pk=other.pk))), None)


def _near(person: Beneficiary) -> Q:
    near = Q(searched=_searched(person))
    if person.email:
        near |= Q(address=person.email.lower())
    if person.phone:
        near |= Q(phone__gt="", tail=phone_tail(Value(person.phone)))
    return near


def _searched(person: Beneficiary) -> Func:
    names = Value(person.first_name), Value(person.last_name)
    return Func(*names, function="beneficiaries_searched_name", output_field=TextField())


def _likenesses(user: User, person: Beneficiary, near: Q, *, but: Any = None) -> list[Likeness]:
    own_communes = ServiceRequest.objects.visible_to(user).filter(beneficiary=person.pk).values("commune")
    asked = ServiceRequest.objects.visible_to(user).filter(
        beneficiary=OuterRef("pk"), commune__in=own_communes
    )
    people = people_of(user=user).exclude(pk=person.pk).filter(known_through__isnull=True)
    if but is not None:
        people = people.exclude(Exists(but))
    people = people.alias(address=Lower("email"), tail=phone_tail("phone"), searched=searched_name())
    people = people.filter(near).annotate(
        nearness=Func("searched", _searched(person), function="similarity", output_field=FloatField()),
        is_neighbour=Exists(asked),
    )
    return [
        Likeness(beneficiary, _alike(person, beneficiary))
        for beneficiary in people.order_by("pk")[: rules.MOST_SHARING]
    ]


def _alike(person: Beneficiary, other: Any) -> tuple[str, ...]:
    common = []
    if person.email and person.email.lower() == other.email.lower():
        common.append(Alike.EMAIL)
    if _tail(person.phone) and _tail(person.phone) == _tail(other.phone):
        common.append(Alike.PHONE)
    if _name(person) == _name(other):
        common.append(Alike.NAME)
    elif other.nearness >= rules.CLOSE_NAMES:
        common.append(Alike.CLOSE_NAME)
    if other.is_neighbour:
        common.append(Alike.COMMUNE)
    return tuple(str(alike) for alike in common)


def _name(person: Beneficiary) -> str:
    return folded(f"{person.first_name} {person.last_name}")


def _tail(number: str) -> str:
    return "".join(sign for sign in number if sign.isdigit())[-DIGITS:]


def pair_list(*, user: User) -> QuerySet[DuplicatePair]:
    """The pairs found in the operator that nobody has looked at, the likest first; one query."""
    duplicate_pairs = DuplicatePair.objects.visible_to(user).filter(state=PairState.FOUND)
    return duplicate_pairs.select_related("first", "second").order_by("-score", "found_at", "pk")


def pair_people(*, user: User, uuid: UUID, other: UUID) -> tuple[Beneficiary, Beneficiary] | None:
    """Two people whom the user may both see; two queries."""
    first, second = person_known(user=user, uuid=uuid), person_known(user=user, uuid=other)
    return (first, second) if first and second and first != second else None


@dataclass(frozen=True)
class Held:
    """What a file has at the operator: what moves at a merge."""

    person: Beneficiary
    requests: int
    appointments: int
    pathways: int


def held_by(*, user: User, people: tuple[Beneficiary, ...]) -> list[Held]:
    """What each person has at the operator; one query."""
    counted = people_of(user=user).filter(pk__in=[person.pk for person in people])
    found = {
        person.pk: person
        for person in counted.annotate(
            request_count=Count("service_requests", distinct=True),
            appointment_count=Count("appointments", distinct=True),
            pathway_count=Count("pathways", distinct=True),
        )
    }
    return [
        Held(
            person,
            found[person.pk].request_count,
            found[person.pk].appointment_count,
            found[person.pk].pathway_count,
        )
        for person in people
    ]


def in_order(*, organisation: Organisation | int, people: tuple[Beneficiary, Beneficiary]) -> list:
    """The same two, who is kept first (rules.rank), each with `is_elsewhere` and `has_merged`; one query."""
    holder = organisation if isinstance(organisation, int) else organisation.pk
    asked = ServiceRequest.objects.filter(beneficiary=OuterRef("pk")).exclude(contract__holder=holder)
    booked = Appointment.objects.filter(beneficiary=OuterRef("pk")).exclude(site__contract__holder=holder)
    followed = Pathway.objects.filter(beneficiary=OuterRef("pk")).exclude(contract__holder=holder)
    beneficiaries = Beneficiary.objects.filter(pk__in=[person.pk for person in people]).annotate(
        is_elsewhere=Exists(asked) | Exists(booked) | Exists(followed),
        has_merged=Exists(Beneficiary.objects.filter(merged_into=OuterRef("pk"))),
    )
    return sorted(
        beneficiaries,
        key=lambda beneficiary: rules.rank(
            beneficiary, is_elsewhere=beneficiary.is_elsewhere, has_merged=beneficiary.has_merged
        ),
    )


def merge_by_uuid(*, user: User, uuid: UUID) -> PersonMerge | None:
    merges = PersonMerge.objects.visible_to(user).select_related("kept", "absorbed", "merged_by")
    return merges.filter(uuid=uuid).first()


def merges_of(*, person: Beneficiary, user: User) -> QuerySet[PersonMerge]:
    """The merges of a person that stand, the latest first; one query."""
    own = PersonMerge.objects.visible_to(user).filter(kept=person, undone_at__isnull=True)
    return own.order_by("-merged_at", "-pk")


def pathways_of(*, user: User, person: Beneficiary) -> QuerySet[Pathway]:
    """The person's pathways as the user may read them, the present one first."""
    own = Pathway.objects.visible_to(user).filter(beneficiary=person, joined_into__isnull=True)
    return own.order_by("state", "-entered_on", "-pk")


def joined_to(*, pathway: Pathway, user: User) -> QuerySet[Pathway]:
    """The pathways joined into one: closed, with what was written there; one query."""
    return Pathway.objects.visible_to(user).filter(joined_into=pathway).order_by("entered_on", "pk")


def former_to_forget(*, now: datetime) -> QuerySet[PersonMerge]:
    """Merges that can no more be undone and still know former names and contacts."""
    return PersonMerge.objects.filter(merged_at__lte=now - rules.UNDO_FOR).exclude(former={})


def holders() -> QuerySet[Organisation]:
    """The operators that hold a contract, now or before."""
    return Organisation.objects.filter(contracts__isnull=False).distinct().order_by("pk")
