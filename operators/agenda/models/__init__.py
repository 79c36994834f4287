from operators.agenda.models.absences import Absence, RecurringAbsence
from operators.agenda.models.appointments import Appointment, AppointmentQuerySet
from operators.agenda.models.feeds import CalendarFeed
from operators.agenda.models.links import LinkFailure
from operators.agenda.models.openings import OpeningException, OpeningRule
from operators.agenda.models.replacements import Replacement
from operators.agenda.models.time import AdviserTime

__all__ = [
    "Absence",
    "AdviserTime",
    "Appointment",
    "AppointmentQuerySet",
    "CalendarFeed",
    "LinkFailure",
    "OpeningException",
    "OpeningRule",
    "RecurringAbsence",
    "Replacement",
]
