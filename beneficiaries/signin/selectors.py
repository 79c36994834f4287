from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.rules import folded
from beneficiaries.request.services.callers import with_contact
from beneficiaries.signin.models import SignInCode
from cep_portal.accounts.selectors import agents_at
from cep_portal.common import phones


@dataclass(frozen=True)
class Behind:
    """Who may stand behind a proved contact.

    `needs_name` when the contact alone does not say who: it serves several people or an agent, or nobody
    ever proved it by a code (it was told by somebody else, perhaps misheard).
    """

    people: list[Beneficiary]
    needs_name: bool
    serves_agent: bool

    def named(self, first_name: str, last_name: str) -> list[Beneficiary]:
        """Those of this name: one, several files of one person, or nobody."""
        wanted = _folded_name(first_name, last_name)
        return [
            person for person in self.people if _folded_name(person.first_name, person.last_name) == wanted
        ]


def behind(code: SignInCode, *, now: datetime) -> Behind:
    """The people whom a proved contact may open, oldest first; erased files apart, frozen ones too.

    A contact typed beside another that was proved by a code opens nothing: nobody proved that one (ADR
    0014). The contact of a duplicate opens the file it was merged into. An address of an agent opens only
    the file of that very name: a partner who gave its own address for somebody reads nothing.
    """
    rows = [person for person in _rows(code) if _may_open(person, code)]
    agents = _names_of_agents(code.email, now)
    owners: dict[int, Beneficiary] = {}
    for row in rows:
        person = row.merged_into or row
        if not agents or _folded_name(person.first_name, person.last_name) in agents:
            owners[person.pk] = person
    is_proved = all(_verified_at(row, code) is not None for row in rows)
    people = sorted(owners.values(), key=lambda person: person.pk)
    needs_name = len(people) > 1 or bool(agents) or not is_proved
    return Behind(people, needs_name=needs_name, serves_agent=bool(agents))


def code_of(*, uuid: str) -> SignInCode | None:
    return SignInCode.objects.filter(uuid=uuid).first()


def _rows(code: SignInCode) -> list[Beneficiary]:
    alive = Beneficiary.objects.filter(
        Q(merged_into__isnull=True) | Q(merged_into__erased_at__isnull=True), erased_at__isnull=True
    )
    rows = with_contact(alive, email=code.email, phone=code.phone).select_related("merged_into")
    return [row for row in rows if not code.by_sms or phones.mobile(row.phone) == phones.mobile(code.phone)]


def _may_open(row: Beneficiary, code: SignInCode) -> bool:
    if _verified_at(row, code) is not None:
        return True
    return row.email_verified_at is None and row.phone_verified_at is None


def _verified_at(row: Beneficiary, code: SignInCode) -> datetime | None:
    return row.phone_verified_at if code.by_sms else row.email_verified_at


def _names_of_agents(email: str, now: datetime) -> set[tuple[str, str]]:
    return {_folded_name(user.first_name, user.last_name) for user in agents_at(email=email, now=now)}


def _folded_name(first_name: str, last_name: str) -> tuple[str, str]:
    return folded(first_name), folded(last_name)
