"""The refusals of the agenda that say more than a sentence."""

from rest_framework.response import Response

from cep_portal.common.problems import problem
from operators.booking.agenda.errors import SlotTaken
from operators.exchange.software.serializers.places import slot_out


def slot_taken(refusal: SlotTaken) -> Response:
    """409, with the nearest free hours of the place."""
    return problem(
        409, kind=refusal.code, detail=str(refusal), nearest=[slot_out(one) for one in refusal.nearest]
    )
