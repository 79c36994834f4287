"""Words that every message about an appointment shares."""

from cep_portal.common.templatetags.french import MONTHS, local


def minutes(appointment) -> int:
    return int((appointment.ends_at - appointment.starts_at).total_seconds() // 60)


def subject_of(appointment) -> str:
    """« Votre rendez-vous du 30 novembre »: no subject names the service."""
    return f"Votre rendez-vous du {spoken_day(appointment)}"


def spoken_day(appointment) -> str:
    day = local(appointment.starts_at, appointment.site.zone)
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]}"
