from dataclasses import dataclass
from datetime import date, timedelta

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.common.days import months_later

ALARM_DAYS = (30, 90, 150)
SILENCE_MONTHS = 6  # R6111-5: more than six months without data, then a formal notice of two months
NOTICE_MONTHS = 2
SERIOUS = 90  # days: from here on a page shows the clock as late


def can_send_deliveries(user: User) -> bool:
    return user.role == Role.OPERATOR_MANAGER


def can_watch_deliveries(user: User) -> bool:
    """Who follows contracts reads dates and counts, never a line."""
    return user.role in {Role.CONTRACT_MANAGER, Role.DECIDER, Role.ANALYST}


@dataclass(frozen=True)
class SupplyClock:
    """The legal clock of an operator (R6111-5, II) seen from a day: `since_on` is its last data.

    `notice_on` is the first day after six months of silence; two months after a formal notice sent that very
    day, the contract may end (`ends_on`).
    """

    since_on: date
    on: date

    @property
    def silent_days(self) -> int:
        return max((self.on - self.since_on).days, 0)

    @property
    def notice_on(self) -> date:
        return months_later(self.since_on, SILENCE_MONTHS) + timedelta(days=1)

    @property
    def ends_on(self) -> date:
        return months_later(self.notice_on, NOTICE_MONTHS)

    @property
    def days_to_notice(self) -> int:
        return (self.notice_on - self.on).days

    @property
    def days_to_end(self) -> int:
        return (self.ends_on - self.on).days

    @property
    def alarm(self) -> int | None:
        """The highest alarm reached: 30, 90 or 150 days."""
        return max((days for days in ALARM_DAYS if self.silent_days >= days), default=None)

    @property
    def badge(self) -> tuple[str, str]:
        """Words and kind of the badge of a table."""
        if self.days_to_notice <= 0:
            return "mise en demeure possible", "error"
        if self.silent_days >= SERIOUS:
            return f"silence de {self.silent_days} jours", "error"
        if self.alarm:
            return f"silence de {self.silent_days} jours", "warning"
        return "à jour", "success"
