import json
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.contrib.sessions.models import Session
from django.db.models import Model, QuerySet
from django.db.models.functions import Lower

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent, BrowserSession, Draft, Mandate, User
from cep_portal.common.days import local_day
from cep_portal.common.encryption import Sealed, unseal
from cep_portal.common.retention import DELAYS

ENDS_SOON = timedelta(days=30)


def active_mandates(*, user: User, on: date) -> QuerySet[Mandate]:
    """The mandates of a person in force on a day, oldest first; one query."""
    return user.mandates.active(on).select_related("organisation").order_by("starts_on", "pk")


def agents_at(*, email: str, now: datetime) -> QuerySet[User]:
    """The agents in office whose account an address opens; none for no address."""
    acting = Mandate.objects.active(local_day(now)).filter(role__in=Role.agents)
    return User.objects.filter(email__iexact=email, email__gt="", pk__in=acting.values("user"))


def mandate_list(*, search: str = "") -> QuerySet[Mandate]:
    """Every agent's mandate, the live ones first: who steers finds, lists and ends no person's account."""
    mandates = agent_mandates().select_related("user", "organisation")
    if search:
        mandates = mandates.filter(user__email__icontains=search)
    return mandates.order_by("-ended_at", "user__email", "pk")


def mandates_ending(*, on: date) -> QuerySet[Mandate]:
    """The agents' mandates in force that end within ENDS_SOON, the first to end first."""
    ending = Mandate.objects.active(on).filter(role__in=Role.agents, ends_on__lte=on + ENDS_SOON)
    return ending.select_related("user").order_by("ends_on", "pk")


def agent_mandates() -> QuerySet[Mandate]:
    return Mandate.objects.filter(role__in=Role.agents)


def agent_account(*, email: str) -> User | None:
    """The account of this address that may act as an agent; a person's own account is never found."""
    accounts = User.objects.filter(email__iexact=email).exclude(mandates__role=Role.BENEFICIARY)
    return accounts.first()


def agent_addresses(*, among: Collection[str] = (), like: str = "") -> set[str]:
    """The addresses of agents, lower case: those among some, or those that hold a text; one query."""
    agents = User.objects.filter(mandates__role__in=Role.agents).exclude(mandates__role=Role.BENEFICIARY)
    agents = agents.annotate(address=Lower("email"))
    wanted = agents.filter(address__contains=like.lower()) if like else agents.filter(address__in=among)
    return set(wanted.values_list("address", flat=True))


def live_sessions(*, user: User, now: datetime) -> QuerySet[BrowserSession]:
    """Where a person is signed in at this moment, last seen first."""
    live = Session.objects.filter(expire_date__gt=now).values("session_key")
    return user.browser_sessions.filter(key__in=live).order_by("-last_seen_at", "pk")


def has_happened(*, action: str, target: Model) -> bool:
    """Whether the journal tells of this act on this object."""
    lines = AuditEvent.objects.filter(
        target_type=target._meta.label_lower, target_id=target.pk, action=action
    )
    return lines.exists()


def last_happened(*, action: str, target: Model) -> datetime | None:
    """When the journal last tells of this act on this object."""
    lines = AuditEvent.objects.filter(
        target_type=target._meta.label_lower, target_id=target.pk, action=action
    )
    return lines.order_by("-at", "-pk").values_list("at", flat=True).first()


def draft_paths(*, user: User, now: datetime) -> list[str]:
    """The pages whose interrupted text waits for its account; one query."""
    alive = Draft.objects.filter(user=user, kept_at__gt=now - DELAYS["draft"].duration)
    return list(alive.order_by("path").values_list("path", flat=True))


def draft_typed(*, user: User, path: str, now: datetime) -> dict[str, list[str]]:
    """What was typed on a page, by name of field; empty when nothing waits. Raises SealBroken."""
    alive = Draft.objects.filter(user=user, path=path, kept_at__gt=now - DELAYS["draft"].duration)
    draft = alive.first()
    if draft is None:
        return {}
    return json.loads(unseal(Sealed(draft.key_id, bytes(draft.sealed)), context=f"draft:{draft.uuid}"))
