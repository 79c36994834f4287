from operators.booking.demand.models.call_backs import CallBack, CallTry
from operators.booking.demand.models.offers import EarlierAlert, SlotOffer
from operators.booking.demand.models.unmet import UnmetDemand
from operators.booking.demand.models.waiting import WaitingEntry

__all__ = ["CallBack", "CallTry", "EarlierAlert", "SlotOffer", "UnmetDemand", "WaitingEntry"]
