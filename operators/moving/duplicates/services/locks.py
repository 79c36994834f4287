"""The order of ADR 0010: the requests of both people, then the people, each by key."""

from beneficiaries.request.models import Beneficiary, ServiceRequest


def lock_both(beneficiary: Beneficiary, other: Beneficiary) -> tuple[Beneficiary, Beneficiary]:
    """Both people as they are now; nobody writes for them nor points at them meanwhile."""
    keys = (beneficiary.pk, other.pk)
    requests = ServiceRequest.objects.filter(beneficiary__in=keys).order_by("pk")
    list(requests.select_for_update(of=("self",), no_key=True).values_list("pk"))
    people = Beneficiary.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    found = {person.pk: person for person in people.select_related("user")}
    return found[beneficiary.pk], found[other.pk]
