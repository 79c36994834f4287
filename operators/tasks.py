"""The app's tasks, gathered for Celery; each lives with its subject."""

from operators.booking.agenda.tasks import (
    close_unanswered,
    expire_holds,
    keep_link_failures,
    write_due_reminders,
)
from operators.booking.demand.tasks import forget_calls, offer_free_slots, pass_offers
from operators.booking.groups.tasks import write_group_reminders
from operators.booking.supervision.tasks import count_missing_slots, follow_opening_requests, measure_delays
from operators.casework.attachments.tasks import scan_attachment, scan_held
from operators.exchange.deliveries.tasks import (
    forget_refused_lines,
    raise_supply_alarms,
    resume_deliveries,
    take_delivery,
)
from operators.exchange.extracts.tasks import destroy_extracts, make_extract, resume_extracts
from operators.exchange.software.tasks import forget_keys
from operators.exchange.webhooks.tasks import forget_webhooks, send_due_webhooks, send_webhook
from operators.moving.duplicates.tasks import find_duplicates
from operators.moving.handovers.tasks import return_handovers
from operators.moving.transfers.tasks import expire_transfers

__all__ = [
    "close_unanswered",
    "count_missing_slots",
    "destroy_extracts",
    "expire_holds",
    "expire_transfers",
    "find_duplicates",
    "follow_opening_requests",
    "forget_calls",
    "forget_keys",
    "forget_refused_lines",
    "forget_webhooks",
    "keep_link_failures",
    "make_extract",
    "measure_delays",
    "offer_free_slots",
    "pass_offers",
    "raise_supply_alarms",
    "resume_deliveries",
    "resume_extracts",
    "return_handovers",
    "scan_attachment",
    "scan_held",
    "send_due_webhooks",
    "send_webhook",
    "take_delivery",
    "write_due_reminders",
    "write_group_reminders",
]
