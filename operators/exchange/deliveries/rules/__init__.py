from operators.exchange.deliveries.rules.supply import (
    SupplyClock,
    can_send_deliveries,
    can_watch_deliveries,
)

__all__ = [
    "SupplyClock",
    "can_send_deliveries",
    "can_watch_deliveries",
]
