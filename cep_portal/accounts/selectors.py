from datetime import date, datetime

from django.contrib.sessions.models import Session
from django.db.models import Model, QuerySet

from cep_portal.accounts.models import AuditEvent, BrowserSession, Mandate, User


def active_mandates(*, user: User, on: date) -> QuerySet[Mandate]:
    """The mandates of a person in force on a day, oldest first; one query."""
    return user.mandates.active(on).select_related("organisation").order_by("starts_on", "pk")


def mandate_list(*, search: str = "") -> QuerySet[Mandate]:
    """Every mandate with its person, the live ones first."""
    mandates = Mandate.objects.select_related("user", "organisation")
    if search:
        mandates = mandates.filter(user__email__icontains=search)
    return mandates.order_by("-ended_at", "user__email", "pk")


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
