"""An adviser away from a booked session, and the hour that the person then chooses."""

from datetime import timedelta

from beneficiaries.request.enums import RequestState
from operators.booking.agenda import services
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import AppointmentFactory
from tests.operators.booking.agenda.acts import NINE
from tests.operators.booking.agenda.clock import NOW

DAY = timedelta(days=1)


def away(adviser, *, now=NOW, starts_at=NINE - timedelta(hours=1), ends_at=NINE + timedelta(hours=8)):
    _, replaced = services.lay_absence_and_replace(
        adviser=adviser, starts_at=starts_at, ends_at=ends_at, by=adviser.user, now=now
    )
    return replaced


def booked_with(adviser, **changes):
    request = ServiceRequestFactory(contract=adviser.site.contract, state=RequestState.SCHEDULED)
    person = changes.pop("beneficiary", None) or BeneficiaryFactory(phone="06 39 98 00 00")
    return AppointmentFactory(adviser=adviser, service_request=request, beneficiary=person, **changes)


def choose(replacement, starts_at):
    return services.choose_replacement(
        replacement=replacement,
        site=replacement.appointment.site,
        starts_at=starts_at,
        mode=replacement.appointment.mode,
        now=NOW,
    )
