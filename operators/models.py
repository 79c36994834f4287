"""The app's models, gathered for Django; each lives with its subject."""

from operators.agenda.models import (
    Absence,
    AdviserTime,
    Appointment,
    OpeningException,
    OpeningRule,
    RecurringAbsence,
)
from operators.calls.models import AssistedBooking
from operators.demand.models import (
    CallBack,
    CallTry,
    EarlierAlert,
    SlotOffer,
    UnmetDemand,
    WaitingEntry,
)
from operators.groups.models import GroupPlace, GroupSession
from operators.network.models import Adviser, Site, SiteClosure, SlotDelay
from operators.partners.models import PartnerBooking
from operators.pathways.models import CounsellingSession, Pathway
from operators.supervision.models import OpeningRequest

__all__ = [
    "Absence",
    "Adviser",
    "AdviserTime",
    "Appointment",
    "AssistedBooking",
    "CallBack",
    "CallTry",
    "CounsellingSession",
    "EarlierAlert",
    "GroupPlace",
    "GroupSession",
    "OpeningException",
    "OpeningRequest",
    "OpeningRule",
    "PartnerBooking",
    "Pathway",
    "RecurringAbsence",
    "Site",
    "SiteClosure",
    "SlotDelay",
    "SlotOffer",
    "UnmetDemand",
    "WaitingEntry",
]
