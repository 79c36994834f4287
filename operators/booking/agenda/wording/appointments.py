"""Words that every message about an appointment shares."""

from typing import Any

from cep_portal.common.days import local
from cep_portal.common.wording import dates


def minutes(appointment: Any) -> int:
    return int((appointment.ends_at - appointment.starts_at).total_seconds() // 60)


def subject_of(appointment: Any) -> str:
    """« Votre rendez-vous du 30 novembre »: no subject names the service."""
    return f"Votre rendez-vous du {spoken_day(appointment)}"


def spoken_day(appointment: Any) -> str:
    return dates.spoken_day(local(appointment.starts_at, appointment.site.zone))
