from cep_portal.messaging.rules.sending import (
    can_read_messages,
    can_read_texts,
    cap_of,
    checked_window,
    counted_with,
    is_capped,
    problems,
    without_contacts,
)

__all__ = [
    "can_read_messages",
    "can_read_texts",
    "cap_of",
    "checked_window",
    "counted_with",
    "is_capped",
    "problems",
    "without_contacts",
]
