from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from operators.casework.pathways.enums import PathwayState
from operators.casework.pathways.models import Pathway
from operators.moving.handovers.enums import HandoverKind
from operators.moving.handovers.models import Handover
from operators.network.models import Adviser, AdviserQuerySet


def colleagues_of(*, adviser: Adviser) -> AdviserQuerySet:
    """Who can take an adviser's pathways: active, under the same contract, not themselves."""
    team = Adviser.objects.filter(site__contract=adviser.site.contract_id, is_active=True)
    return (
        team.exclude(pk=adviser.pk)
        .select_related("user", "site")
        .order_by("user__last_name", "user__first_name", "pk")
    )


def advisers_to_leave(*, user: User) -> QuerySet[Adviser]:
    """Whose portfolio a user may hand over: one's own, or any of the organisation for a manager."""
    team = Adviser.objects.visible_to(user)
    if user.role != Role.OPERATOR_MANAGER:
        team = team.filter(user=user)
    return team.select_related("user", "site__contract").order_by("user__last_name", "user__first_name", "pk")


def portfolios(*, user: User) -> QuerySet[Adviser]:
    """The same advisers, each with how many open pathways would be handed over; one query."""
    lent = Handover.objects.lent().filter(colleague=OuterRef("pk")).values("pathway")
    own = Q(
        pathways__state=PathwayState.OPEN,
        pathways__beneficiary__restricted_at__isnull=True,
        pathways__beneficiary__erased_at__isnull=True,
    ) & ~Q(pathways__in=lent)
    return advisers_to_leave(user=user).annotate(pathway_count=Count("pathways", filter=own))


def portfolio(*, adviser: Adviser) -> QuerySet[Pathway]:
    """The open pathways an adviser follows, those lent by a colleague apart."""
    own = Pathway.objects.filter(
        adviser=adviser,
        state=PathwayState.OPEN,
        beneficiary__restricted_at__isnull=True,
        beneficiary__erased_at__isnull=True,
    )
    lent = Handover.objects.lent().filter(colleague=adviser)
    return own.exclude(pk__in=lent.values("pathway")).order_by("pk")


def handed_file(*, user: User, uuid: UUID) -> Pathway | None:
    """A pathway of the organisation with what handing it over shows; one query."""
    whole = Pathway.objects.visible_to(user).filter(uuid=uuid)
    return whole.select_related("beneficiary", "adviser__user", "adviser__site__contract").first()


def lent_now(*, pathway: Pathway) -> Handover | None:
    running = Handover.objects.lent().filter(pathway=pathway)
    return running.select_related("former__user", "colleague__user").first()


def handovers_of(*, pathway: Pathway, user: User) -> QuerySet[Handover]:
    """What became of the following of a pathway, oldest first; one query."""
    own = Handover.objects.visible_to(user).filter(pathway=pathway)
    return own.select_related("former__user", "colleague__user").order_by("handed_at", "pk")


def taken_by(*, adviser: Adviser, user: User, since: datetime) -> QuerySet[Handover]:
    """What colleagues gave an adviser: lent now, or for good since an instant; the latest first."""
    own = Handover.objects.visible_to(user).filter(
        colleague=adviser, pathway__adviser=adviser, pathway__state=PathwayState.OPEN
    )
    recent = own.filter(kind=HandoverKind.FINAL, handed_at__gte=since) | own.filter(
        kind__in=HandoverKind.lent, ended_at__isnull=True
    )
    return recent.select_related("pathway__beneficiary", "former__user").order_by("-handed_at", "-pk")


def loans_to(*, colleague: Adviser) -> QuerySet[Handover]:
    """What an adviser has on loan from colleagues, in the order of the people."""
    return _loans(Handover.objects.lent().filter(colleague=colleague))


def loans_until_back(*, former: Adviser) -> QuerySet[Handover]:
    """What waits for the return of an adviser, in the order of the people."""
    return _loans(Handover.objects.lent().filter(former=former, kind=HandoverKind.UNTIL_BACK))


def _loans(rows: QuerySet[Handover]) -> QuerySet[Handover]:
    whole = rows.select_related("pathway", "former__user", "colleague__user")
    return whole.order_by("pathway__beneficiary", "pk")


def over_on(*, on: date) -> QuerySet[Handover]:
    """Temporary ones whose last day was before a day, oldest first."""
    return Handover.objects.lent().filter(until__lt=on).order_by("pk")
