"""Never a dead end: what is missing is counted, somebody calls back, a freed slot is offered."""

from operators.booking.demand.services.alerts import ask_earlier, stop_earlier
from operators.booking.demand.services.call_backs import (
    ask_call_back,
    drop_call_back,
    end_by_erasure,
    forget_calls,
    give_up_call_back,
    leave_call_back,
    note_call,
    take_call_back,
)
from operators.booking.demand.services.followers import follow
from operators.booking.demand.services.matching import offer_all, offer_free_slots
from operators.booking.demand.services.offers import accept_offer, decline_offer, settle_offers
from operators.booking.demand.services.unmet import Wish, record_unmet
from operators.booking.demand.services.waiting import join_waiting_list, leave_waiting_list

__all__ = [
    "Wish",
    "accept_offer",
    "ask_call_back",
    "ask_earlier",
    "decline_offer",
    "drop_call_back",
    "end_by_erasure",
    "follow",
    "forget_calls",
    "give_up_call_back",
    "join_waiting_list",
    "leave_call_back",
    "leave_waiting_list",
    "note_call",
    "offer_all",
    "offer_free_slots",
    "record_unmet",
    "settle_offers",
    "stop_earlier",
    "take_call_back",
]
