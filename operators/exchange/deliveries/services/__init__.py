"""What an operator's own software delivers: sent, read, and the clock of silence."""

from operators.exchange.deliveries.services.alarms import raise_supply_alarms
from operators.exchange.deliveries.services.sending import (
    forget_checked_files,
    forget_refused_lines,
    resume_deliveries,
    send_checked,
    send_delivery,
)
from operators.exchange.deliveries.services.taking import take_delivery

__all__ = [
    "forget_checked_files",
    "forget_refused_lines",
    "raise_supply_alarms",
    "resume_deliveries",
    "send_checked",
    "send_delivery",
    "take_delivery",
]
