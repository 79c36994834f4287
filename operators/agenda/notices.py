"""What the person is told, in the transaction of the act; no subject names the service."""

from datetime import datetime

from django.template.loader import render_to_string

from cep_portal.common.templatetags.french import MONTHS, local
from cep_portal.messaging.services import Attachment, enqueue_message
from operators.agenda import calendar, links, rules
from operators.agenda.enums import CancelledBy
from operators.agenda.models import Appointment


def tell_booked(appointment: Appointment, *, now: datetime) -> None:
    _tell(appointment, act="booked", method="REQUEST", now=now)


def tell_moved(appointment: Appointment, *, now: datetime) -> None:
    _tell(appointment, act="moved", method="REQUEST", now=now)


def tell_cancelled(appointment: Appointment, *, now: datetime) -> None:
    _tell(appointment, act="cancelled", method="CANCEL", now=now)


def _tell(appointment: Appointment, *, act: str, method: str, now: datetime) -> None:
    if appointment.beneficiary is None:
        raise ValueError("a booked appointment has a person")
    body = render_to_string(
        f"operators/agenda/mail/{act}.txt",
        {
            "appointment": appointment,
            "site": appointment.site,
            "minutes": minutes(appointment),
            "limit": rules.change_limit(appointment.starts_at),
            "link": links.appointment_link(appointment),
            "by_operator": appointment.cancelled_by == CancelledBy.OPERATOR,
        },
    )
    enqueue_message(
        key=f"appointment-{act}-{appointment.uuid}",
        recipient=appointment.beneficiary.email,
        subject=f"Votre rendez-vous du {_spoken_day(appointment)}",
        body=body,
        person_key=str(appointment.beneficiary.uuid),
        now=now,
        attachment=Attachment(
            "rendez-vous.ics",
            calendar.MEDIA_TYPE,
            calendar.calendar_file(appointment, method=method, now=now),
        ),
    )


def minutes(appointment: Appointment) -> int:
    return int((appointment.ends_at - appointment.starts_at).total_seconds() // 60)


def _spoken_day(appointment: Appointment) -> str:
    day = local(appointment.starts_at, appointment.site.zone)
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]}"
