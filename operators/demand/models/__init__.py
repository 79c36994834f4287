from operators.demand.models.call_backs import CallBack, CallTry
from operators.demand.models.offers import EarlierAlert, SlotOffer
from operators.demand.models.unmet import UnmetDemand
from operators.demand.models.waiting import WaitingEntry

__all__ = ["CallBack", "CallTry", "EarlierAlert", "SlotOffer", "UnmetDemand", "WaitingEntry"]
