from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from operators.network.models import Adviser


@transaction.atomic
def set_adviser_capacity(
    *, adviser: Adviser, max_per_day: int | None, skills: Collection[str], by: User, now: datetime
) -> Adviser:
    """How many appointments a day an adviser receives at most, and what they can do for an access need.

    A lower maximum offers nothing more on days that are full; appointments already taken stand.
    """
    adviser = Adviser.objects.select_for_update(of=("self",)).get(pk=adviser.pk)
    adviser.max_per_day, adviser.skills = max_per_day, sorted(skills)
    adviser.save(update_fields=["max_per_day", "skills"])
    record(
        action="operators.adviser.capacity_set",
        target=adviser,
        by=by,
        data={"max_per_day": max_per_day, "skills": adviser.skills},
        now=now,
    )
    return adviser
