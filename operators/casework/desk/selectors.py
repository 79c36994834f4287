"""Whom an operator knows, how they are found, and who is expected to open a file."""

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from beneficiaries.request.models import Beneficiary, ServiceRequest
from beneficiaries.request.services.callers import like_caller, named, with_contact
from cep_portal.accounts.models import User
from operators.booking.agenda.models import Appointment
from operators.casework.desk import hooks, rules
from operators.casework.desk.models import FileReason
from operators.casework.pathways.hooks import OpenFile
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.casework.pathways.person_file import FOLLOWING

MOST_PEOPLE = 20
PHONE_DIGITS = 8
REFERENCE = re.compile(r"[0-9A-HJKMNP-TV-Z]{12}")
# « morwan » finds Morvan, « bernard » does not find Bertrand; nearest names come first.
RESEMBLES = 0.4


def people_of(*, user: User) -> QuerySet[Beneficiary]:
    """Whom an operator knows: a request routed to it, an appointment at one of its sites, or a pathway.

    No one whose file is frozen or erased. Being known says nothing of what the file holds.
    """
    asked = ServiceRequest.objects.visible_to(user).filter(beneficiary=OuterRef("pk"))
    booked = Appointment.objects.visible_to(user).filter(beneficiary=OuterRef("pk"))
    followed = Pathway.objects.filter(beneficiary=OuterRef("pk"), contract__holder=user.organisation_id)
    return Beneficiary.objects.filter(
        Exists(asked) | Exists(booked) | Exists(followed),
        restricted_at__isnull=True,
        erased_at__isnull=True,
        merged_into__isnull=True,
    )


def find_people(*, user: User, text: str) -> Sequence[Beneficiary]:
    """The first twenty whom the user may see, nearest first, each with `pathway` when the user reads files.

    By number or address, exactly; by the reference of a request; by each word of a name, whatever the
    accents and the order, in spite of an error of typing. One query.
    """
    text = text.strip()
    if not text:
        return []
    people = _matching(people_of(user=user), user, text).annotate(pathway=_latest_pathway(user))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL pg_trgm.word_similarity_threshold = %s", [RESEMBLES])
        return list(people[:MOST_PEOPLE])


def _matching(people: QuerySet[Beneficiary], user: User, text: str) -> QuerySet[Beneficiary]:
    if "@" in text:
        return with_contact(people, email=text)
    reference = re.sub(r"[\s-]", "", text).upper()
    if REFERENCE.fullmatch(reference) and any(sign.isdigit() or sign == "-" for sign in text):
        asked = ServiceRequest.objects.visible_to(user).filter(reference=reference)
        return people.filter(pk__in=asked.values("beneficiary")).order_by("pk")
    if sum(sign.isdigit() for sign in text) >= PHONE_DIGITS:
        return with_contact(people, phone=text)
    return named(people, text)


def _latest_pathway(user: User) -> Subquery:
    """The present pathway, else the last one, as the user may read it; None for who reads no file."""
    pathways = Pathway.objects.visible_to(user).filter(beneficiary=OuterRef("pk"), joined_into__isnull=True)
    return Subquery(
        pathways.order_by(F("closed_at").desc(nulls_first=True), "-entered_on", "-pk").values(
            found=JSONObject(
                uuid="uuid",
                state="state",
                first_name="adviser__user__first_name",
                last_name="adviser__user__last_name",
            )
        )[:1]
    )


def person_known(*, user: User, uuid: UUID) -> Beneficiary | None:
    """Somebody the operator knows, by a request, an appointment or a pathway."""
    return people_of(user=user).filter(uuid=uuid).first()


def perhaps_known(
    *, user: User, first_name: str, last_name: str, email: str, phone: str
) -> Sequence[Beneficiary]:
    """Whom the operator knows by this name and this address or number: ask, never decide."""
    return like_caller(
        people_of(user=user), first_name=first_name, last_name=last_name, email=email, phone=phone
    )


def is_assigned(*, pathway: Pathway, user: User, now: datetime) -> bool:
    """Whether the user follows the person, received or is to receive them, or is entrusted with the file.

    No query for who follows, the adviser being loaded; one, and one for each assignment of an upper
    subject, else.
    """
    if pathway.adviser.user_id == user.pk:
        return True
    received = CounsellingSession.objects.filter(pathway=OuterRef("pk"), adviser__user=user)
    receives = Appointment.objects.filter(
        Q(adviser__user=user) | Q(second_adviser__user=user),
        beneficiary=OuterRef("beneficiary"),
        state__in=FOLLOWING,
    )
    own = Pathway.objects.filter(Exists(received) | Exists(receives), pk=pathway.pk)
    return own.exists() or hooks.is_entrusted(OpenFile(pathway, user, now))


def reason_of_day(*, pathway: Pathway, user: User, now: datetime) -> FileReason | None:
    """What the user gave today as a reason to open the file of somebody they do not follow."""
    return FileReason.objects.filter(
        user=user,
        beneficiary=pathway.beneficiary_id,
        given_on=rules.day_of_reason(pathway, now=now),
    ).first()
