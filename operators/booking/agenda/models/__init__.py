from operators.booking.agenda.models.absences import Absence, RecurringAbsence
from operators.booking.agenda.models.appointments import Appointment, AppointmentQuerySet
from operators.booking.agenda.models.feeds import CalendarFeed
from operators.booking.agenda.models.former import FormerAppointment
from operators.booking.agenda.models.links import LinkFailure
from operators.booking.agenda.models.openings import OpeningException, OpeningRule
from operators.booking.agenda.models.replacements import Replacement
from operators.booking.agenda.models.time import AdviserTime

__all__ = [
    "Absence",
    "AdviserTime",
    "Appointment",
    "AppointmentQuerySet",
    "CalendarFeed",
    "FormerAppointment",
    "LinkFailure",
    "OpeningException",
    "OpeningRule",
    "RecurringAbsence",
    "Replacement",
]
