"""The fictional analyst freezes the months that have waited: what is frozen lately is left to who tries."""

from datetime import date, datetime, timedelta

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Mandate
from reporting.closings.enums import ClosingState
from reporting.closings.models import Closing
from reporting.closings.services import freeze_due

LEFT_TO_DO = timedelta(days=3)


def freeze_waiting(*, today: date, now: datetime) -> int:
    """Once a month has been ready for three days, freeze what nobody contests; returns how many."""
    mandate = Mandate.objects.filter(role=Role.ANALYST).select_related("user").order_by("pk").first()
    if mandate is None:
        return 0
    analyst = mandate.user
    analyst.mandate = mandate
    waiting = Closing.objects.filter(state=ClosingState.CONTESTED, freeze_from__lte=today - LEFT_TO_DO)
    return freeze_due(by=analyst, now=now).done if waiting.exists() else 0
