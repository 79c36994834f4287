"""The app's models, gathered for Django; each lives with its subject."""

from operators.agenda.models import (
    Absence,
    AdviserTime,
    Appointment,
    CalendarFeed,
    LinkFailure,
    OpeningException,
    OpeningRule,
    RecurringAbsence,
    Replacement,
)
from operators.attachments.models import Attachment
from operators.calls.models import AssistedBooking
from operators.deliveries.models import DataDelivery, ExternalKey, FormerFact, RefusedLine, SupplyAlarm
from operators.demand.models import (
    CallBack,
    CallTry,
    EarlierAlert,
    SlotOffer,
    UnmetDemand,
    WaitingEntry,
)
from operators.desk.models import FileReason
from operators.duplicates.models import DuplicatePair, MovedRows, PersonMerge
from operators.extracts.models import Extract
from operators.groups.models import GroupPlace, GroupSession
from operators.handovers.models import Handover
from operators.network.models import Adviser, Site, SiteClosure, SlotDelay
from operators.notes.models import Note, NoteRequest, WithheldNote
from operators.partners.models import PartnerBooking
from operators.pathways.models import CounsellingSession, Pathway
from operators.plans.models import (
    Action,
    ActionMove,
    ActionPlan,
    Objective,
    Occupation,
    ReadyAction,
    TargetOccupation,
)
from operators.referrals.models import DoorChange, Referral, ReferralDoor
from operators.situations.models import PathwaySituation, Rectification
from operators.software.models import ApiClient, KeyUse
from operators.summaries.models import SummaryAnswer, SummaryDocument, SummaryReading, SummaryShare
from operators.supervision.models import OpeningRequest
from operators.transfers.models import Transfer, TransferAppointment, TransferItem
from operators.webhooks.models import WebhookMessage, WebhookSubscription, WebhookTry

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
    "FormerFact",
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
