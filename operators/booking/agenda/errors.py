from typing import Any

from cep_portal.common.errors import DomainError


class SlotTaken(DomainError):
    """Nobody offers the slot any more, whoever has it; `nearest` holds up to three free ones around it."""

    code = "slot_taken"

    def __init__(self, nearest: Any = ()) -> None:
        super().__init__("Ce créneau n’est plus libre. Rien n’a changé.")
        self.nearest = tuple(nearest)


class PersonAlreadyBooked(DomainError):
    code = "person_already_booked"


class TooManyBookings(DomainError):
    code = "too_many_bookings"


class TooLateToChange(DomainError):
    code = "too_late_to_change"


class TransitionRefused(DomainError):
    code = "transition_refused"


class AppointmentMoved(TransitionRefused):
    """The act speaks of an appointment that was moved; `standing` is the one that it became."""

    code = "appointment_moved"

    def __init__(self, text: str, *, standing: Any) -> None:
        super().__init__(text)
        self.standing = standing
        self.told = {"moved_to": str(standing.uuid)}


class OpeningInvalid(DomainError):
    code = "opening_invalid"


class AbsenceInvalid(DomainError):
    code = "absence_invalid"


class AbsenceOverBookings(DomainError):
    """An absence may not be laid over booked sessions: nobody would tell the people (RDV-SP 1007)."""

    code = "absence_over_bookings"
    sentence = "Des rendez-vous sont pris pendant cette absence. Déplacez-les ou annulez-les d’abord."

    def __init__(self, appointments: Any) -> None:
        super().__init__(self.sentence)
        self.appointments = tuple(appointments)


class OpeningOverBookings(AbsenceOverBookings):
    """Hours in which sessions are booked are not taken away from under them."""

    code = "opening_over_bookings"
    sentence = "Des rendez-vous sont pris à ces heures. Une absence propose à chacun une autre solution."


class ClosureInvalid(DomainError):
    code = "closure_invalid"


class ClosureOverBookings(AbsenceOverBookings):
    code = "closure_over_bookings"
    sentence = "Des rendez-vous sont pris pendant cette fermeture. Déplacez-les ou annulez-les d’abord."


class HoldElsewhere(DomainError):
    """Another browser holds a slot for this request: its choice is not taken away."""

    code = "hold_elsewhere"


class RenewedTooOften(DomainError):
    """The same slot was held again and again without a booking: others want it."""

    code = "hold_renewed_too_often"


class AccessNotMet(DomainError):
    code = "access_not_met"


class VideoUnavailable(DomainError):
    code = "video_unavailable"


def sessions_over(refusal: DomainError) -> tuple:
    """The booked sessions that stand in the way, to show beside the refusal; often none."""
    return refusal.appointments if isinstance(refusal, AbsenceOverBookings) else ()
