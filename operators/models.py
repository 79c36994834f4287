"""The app's models, gathered for Django; each lives with its subject."""

from operators.booking.agenda.models import (
    Absence,
    AdviserTime,
    Appointment,
    CalendarFeed,
    FormerAppointment,
    LinkFailure,
    OpeningException,
    OpeningRule,
    RecurringAbsence,
    Replacement,
)
from operators.booking.demand.models import (
    CallBack,
    CallTry,
    EarlierAlert,
    SlotOffer,
    UnmetDemand,
    WaitingEntry,
)
from operators.booking.groups.models import GroupPlace, GroupSession
from operators.booking.supervision.models import OpeningRequest
from operators.casework.attachments.models import Attachment
from operators.casework.desk.models import FileReason
from operators.casework.notes.models import Note, NoteRequest, WithheldNote
from operators.casework.pathways.models import (
    CounsellingSession,
    FormerPathway,
    FormerSession,
    Pathway,
    SessionCorrection,
)
from operators.casework.plans.models import (
    Action,
    ActionMove,
    ActionPlan,
    Objective,
    Occupation,
    ReadyAction,
    TargetOccupation,
)
from operators.casework.referrals.models import DoorChange, Referral, ReferralDoor
from operators.casework.situations.models import PathwaySituation, Rectification
from operators.casework.summaries.models import SummaryAnswer, SummaryDocument, SummaryReading, SummaryShare
from operators.exchange.deliveries.models import (
    DataDelivery,
    ExternalKey,
    FormerFact,
    RefusedLine,
    SupplyAlarm,
)
from operators.exchange.extracts.models import Extract
from operators.exchange.software.models import ApiClient, KeyUse
from operators.exchange.webhooks.models import WebhookMessage, WebhookSubscription, WebhookTry
from operators.moving.duplicates.models import DuplicatePair, MovedRows, PersonMerge
from operators.moving.handovers.models import Handover
from operators.moving.transfers.models import Transfer, TransferAppointment, TransferItem
from operators.network.models import Adviser, Site, SiteClosure, SlotDelay
from operators.reception.calls.models import AssistedBooking, RequestHandling
from operators.reception.partners.models import PartnerBooking

__all__ = [
    "Absence",
    "Action",
    "ActionMove",
    "ActionPlan",
    "Adviser",
    "AdviserTime",
    "ApiClient",
    "Appointment",
    "AssistedBooking",
    "Attachment",
    "CalendarFeed",
    "CallBack",
    "CallTry",
    "CounsellingSession",
    "DataDelivery",
    "DoorChange",
    "DuplicatePair",
    "EarlierAlert",
    "ExternalKey",
    "Extract",
    "FileReason",
    "FormerAppointment",
    "FormerFact",
    "FormerPathway",
    "FormerSession",
    "GroupPlace",
    "GroupSession",
    "Handover",
    "KeyUse",
    "LinkFailure",
    "MovedRows",
    "Note",
    "NoteRequest",
    "Objective",
    "Occupation",
    "OpeningException",
    "OpeningRequest",
    "OpeningRule",
    "PartnerBooking",
    "Pathway",
    "PathwaySituation",
    "PersonMerge",
    "ReadyAction",
    "Rectification",
    "RecurringAbsence",
    "Referral",
    "ReferralDoor",
    "RefusedLine",
    "Replacement",
    "RequestHandling",
    "SessionCorrection",
    "Site",
    "SiteClosure",
    "SlotDelay",
    "SlotOffer",
    "SummaryAnswer",
    "SummaryDocument",
    "SummaryReading",
    "SummaryShare",
    "SupplyAlarm",
    "TargetOccupation",
    "Transfer",
    "TransferAppointment",
    "TransferItem",
    "UnmetDemand",
    "WaitingEntry",
    "WebhookMessage",
    "WebhookSubscription",
    "WebhookTry",
    "WithheldNote",
]
