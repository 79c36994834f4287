"""What is drawn for one thing, whatever was drawn before: a function of its name and of the seed.

The seed is not kept with the data: the identifier of the first appointment, drawn from it, stands for it.
"""

import random
from hashlib import sha256

from operators.booking.agenda.models import Appointment


def root() -> str:
    """What every draw of this dataset starts from."""
    return str(Appointment.objects.order_by("pk").values_list("uuid", flat=True).first())


def fate(*names: object) -> random.Random:
    """The draws of what bears these names: the same each time, in any process."""
    return random.Random(":".join(map(str, names)))


def share_of(*names: object) -> float:
    """One number in [0, 1) for what bears these names; cheap, for tens of thousands of slots."""
    digest = sha256(":".join(map(str, names)).encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64
