"""The app's models, gathered for Django; each lives with its subject."""

from operators.agenda.models import Absence, Appointment, OpeningRule
from operators.network.models import Adviser, Site
from operators.pathways.models import CounsellingSession, Pathway

__all__ = [
    "Absence",
    "Adviser",
    "Appointment",
    "CounsellingSession",
    "OpeningRule",
    "Pathway",
    "Site",
]
