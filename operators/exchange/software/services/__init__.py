from operators.exchange.software.services.bookings import (
    book_by_software,
    cancel_by_software,
    change_level_by_software,
    move_by_software,
)
from operators.exchange.software.services.clients import create_client, issue_token, revoke_client
from operators.exchange.software.services.deliveries import send_by_software
from operators.exchange.software.services.keys import forget_keys
from operators.exchange.software.services.sessions import correct_by_software, log_by_software

__all__ = [
    "book_by_software",
    "cancel_by_software",
    "change_level_by_software",
    "correct_by_software",
    "create_client",
    "forget_keys",
    "issue_token",
    "log_by_software",
    "move_by_software",
    "revoke_client",
    "send_by_software",
]
