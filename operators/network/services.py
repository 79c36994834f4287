from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.locks import locked
from cep_portal.common.versions import Seen, check_seen
from operators.network.models import Adviser, Site


def locked_advisers(*keys: int) -> dict[int, Adviser]:
    """Advisers as they are now: nobody suspends, resumes or moves them until the transaction ends.

    The first rows that an act locks, before places, requests and people (ADR 0059).
    """
    return locked(Adviser.objects.select_related("user", "site__contract__holder"), keys)


def locked_sites(*keys: int) -> dict[int, Site]:
    """Places as they are now: none closes until the transaction ends. After advisers, before all else."""
    return locked(Site.objects.select_related("contract__holder"), keys)


@transaction.atomic
def set_adviser_capacity(
    *,
    adviser: Adviser,
    max_per_day: int | None,
    skills: Collection[str],
    seen: Seen | None = None,
    by: User,
    now: datetime,
) -> Adviser:
    """How many appointments a day an adviser receives at most, and what they can do for an access need.

    A lower maximum offers nothing more on days that are full; appointments already taken stand.
    Raises ChangedMeanwhile.
    """
    adviser = locked_advisers(adviser.pk)[adviser.pk]
    check_seen(seen, {"max_per_day": adviser.max_per_day, "skills": adviser.skills})
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
