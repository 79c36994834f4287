"""Steering sees no person: no page, file nor search of theirs gives a name, an address or a number.

Everybody who asks for the service bears canaries, in every table that keeps an identity.
"""

import re
from html import unescape

import pytest
from django.db import transaction

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Mandate, User
from cep_portal.common import personal_data
from cep_portal.messaging.models import Message
from tests.access.matrix import COMMITTEE, MATRIX, NATIONAL
from tests.access.test_matrix import path_of, visit
from tests.access.test_note_canary import read, signed_in
from tests.access.world import build_both

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
STEERING = sorted(NATIONAL | COMMITTEE)
CANARIES = {
    "first_name": "Zéphyrine",
    "last_name": "Quetzalcoatl",
    "name": "Zéphyrine Quetzalcoatl",
    "email": "canari-bleu@exemple.example",
    "recipient": "canari-bleu@exemple.example",
    "phone": "06 39 98 55 44",
}
SIGNS = ("Zéphyrine", "Quetzalcoatl", "canari-bleu", "39 98 55 44", "639985544")
# The demonstration's own box, public and of fictional people: absent in service.
FICTION = "messaging:demonstration"


@pytest.fixture(scope="module")
def side(django_db_setup, django_db_blocker, tmp_path_factory):
    from django.test import override_settings

    folder = override_settings(PORTAL_DATA_DIR=str(tmp_path_factory.mktemp("steering")))
    with folder, django_db_blocker.unblock(), transaction.atomic():
        here, _ = build_both()
        _name_everybody()
        yield here
        transaction.set_rollback(True)


def _name_everybody() -> None:
    """Each table with a column of an identity, but those of agents, says the canaries."""
    for manifest in personal_data.declarations():
        named = {name: CANARIES[name] for name in manifest.personal if name in CANARIES}
        if manifest.rows is None or not named or manifest.model in (User, Beneficiary):
            continue
        rows = manifest.model._default_manager.all()
        if manifest.model is Message:
            rows.filter(channel="SMS").update(recipient="+33639985544")
            rows = rows.exclude(channel="SMS")
        rows.update(**named)
    people = Beneficiary.objects.all()
    for person in people:
        address = f"{person.pk}-{CANARIES['email']}"
        names = {name: CANARIES[name] for name in ("first_name", "last_name")}
        people.filter(pk=person.pk).update(email=address, phone=CANARIES["phone"], **names)
        if person.user_id:
            User.objects.filter(pk=person.user_id).update(email=address, **names)


def told(text: str) -> list[str]:
    return [sign for sign in SIGNS if sign in unescape(text).replace("\u00a0", " ")]


def opened(role) -> list[str]:
    """The pages of the matrix that a role may open; the rest is refused by tests/access/test_matrix.py."""
    return [
        name
        for name in sorted(MATRIX)
        if not name.startswith(FICTION) and isinstance(MATRIX[name], set) and role in MATRIX[name]
    ]


@pytest.mark.parametrize("role", STEERING)
def test_no_page_nor_file_of_steering_names_a_person(side, role):
    client = signed_in(side.people[role])

    given = {name: told(read(client.get(path_of(side, name)))) for name in opened(role)}

    assert {name: signs for name, signs in given.items() if signs} == {}


@pytest.mark.parametrize("role", STEERING)
def test_no_search_of_steering_finds_a_person(side, role):
    """Every form that asks a text, filled with each canary: what was typed may come back, nothing else."""
    client = signed_in(side.people[role])
    told_back = []
    for name in opened(role):
        path = path_of(side, name)
        for field in _searches(client.get(path)):
            for typed in (*SIGNS, "exemple.example"):
                main = _main(client.get(path, {field: typed}))
                others = [sign for sign in told(main) if sign != typed]
                told_back += [f"{name} {field}={typed}: {others}"] if others else []

    assert told_back == []


def _searches(page) -> set[str]:
    """The names of the text fields of the forms that a page sends by its address."""
    if not page["Content-Type"].startswith("text/html"):
        return set()
    forms = re.findall(r"<form[^>]*method=\"get\".*?</form>", page.text, re.DOTALL)
    inputs = [tag for form in forms for tag in re.findall(r"<input[^>]*>", form) if "hidden" not in tag]
    return {match.group(1) for tag in inputs if (match := re.search(r"name=\"([^\"]+)\"", tag))}


def _main(page) -> str:
    return re.sub(r"value=\"[^\"]*\"", "", page.text.split("<main", 1)[-1])


def test_the_mandates_are_those_of_agents(side):
    page = signed_in(side.people[Role.ADMINISTRATOR]).get(path_of(side, "accounts:mandate_list"))

    listed = {mandate.role for mandate in page.context["page"].paginator.object_list}
    assert Mandate.objects.filter(role=Role.BENEFICIARY).exists()
    assert listed <= set(Role.agents)


def test_steering_ends_no_mandate_of_a_person(side):
    mandate = side.people[Role.BENEFICIARY].mandates.get(ended_at__isnull=True)

    status = visit(
        side.people[Role.ADMINISTRATOR], f"/administration/mandats/{mandate.uuid}/retirer/", "post"
    )

    assert status == 404
    assert Mandate.objects.get(pk=mandate.pk).ended_at is None


def test_steering_gives_no_mandate_to_the_account_of_a_person_and_does_not_learn_that_there_is_one(side):
    person = side.people[Role.BENEFICIARY]
    person.refresh_from_db()
    client = signed_in(side.people[Role.ADMINISTRATOR])
    facts = {"role": Role.ANALYST, "starts_on": "2026-11-30", "first_name": "", "last_name": ""}

    known, unknown = (
        client.post(path_of(side, "accounts:mandate_list"), {**facts, "email": email})
        for email in (person.email, "personne@exemple.example")
    )

    assert known.context["form"].errors == unknown.context["form"].errors != {}
    assert not person.mandates.filter(role=Role.ANALYST).exists()
