"""The fictional analyst freezes the months that have waited: what is frozen lately is left to who tries."""

from datetime import date, datetime, timedelta

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Mandate
from reporting.closings.enums import ClosingState
from reporting.closings.models import Closing
from reporting.closings.services import freeze_month

LEFT_TO_DO = timedelta(days=3)


def freeze_waiting(*, today: date, now: datetime) -> int:
    """Freeze what has been ready for three days and contested by nobody; returns how many."""
    mandate = Mandate.objects.filter(role=Role.ANALYST).select_related("user").order_by("pk").first()
    if mandate is None:
        return 0
    analyst = mandate.user
    analyst.mandate = mandate
    waiting = (
        Closing.objects.filter(state=ClosingState.CONTESTED, freeze_from__lte=today - LEFT_TO_DO)
        .exclude(disputes__outcome="")
        .order_by("month", "pk")
    )
    return len([freeze_month(closing=closing, by=analyst, now=now) for closing in waiting])
