"""What is proposed in place of an adviser who is away."""

from datetime import datetime

from django.db.models import Q, QuerySet

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from operators.booking.agenda.enums import ReplacementState
from operators.booking.agenda.models import Appointment, Replacement


def replacement_of(*, appointment: Appointment) -> Replacement | None:
    """The last proposal made for an appointment, answered or not; one query."""
    replacements = appointment.replacements.select_related("colleague__user", "former_adviser__user")
    return replacements.order_by("-pk").first()


def replacements_to_follow(*, user: User) -> QuerySet[Replacement]:
    """Who has not answered yet, the nearest hour first: an adviser's own, else the organisation's."""
    waiting = Replacement.objects.visible_to(user).filter(state__in=ReplacementState.waiting)
    if user.role == Role.ADVISER:
        waiting = waiting.filter(Q(former_adviser__user=user) | Q(colleague__user=user))
    return _with_people(waiting).order_by("appointment__period", "pk")


def replacements_settled(*, user: User, since: datetime) -> QuerySet[Replacement]:
    """What became of those asked since an instant, latest answer first."""
    settled = Replacement.objects.visible_to(user).filter(answered_at__gte=since)
    if user.role == Role.ADVISER:
        settled = settled.filter(Q(former_adviser__user=user) | Q(colleague__user=user))
    return _with_people(settled).order_by("-answered_at", "-pk")


def _with_people(replacements: QuerySet[Replacement]) -> QuerySet[Replacement]:
    return replacements.select_related(
        "appointment__site",
        "appointment__beneficiary",
        "appointment__service_request",
        "former_adviser__user",
        "colleague__user",
    )
