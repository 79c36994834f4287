"""The directory: who sees which door, who keeps it up to date, and what it said before."""

import pytest
from django.urls import reverse

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from operators.casework.referrals import rules, selectors
from operators.casework.referrals.errors import DoorInvalid
from operators.casework.referrals.models import ReferralDoor
from operators.casework.referrals.reference import NATIONAL_DOORS
from operators.casework.referrals.services import add_door, change_door, load_doors
from tests.clock import present
from tests.factories.accounts import UserFactory
from tests.factories.operators import AdviserFactory
from tests.factories.referrals import ReferralDoorFactory
from tests.factories.territories import CommuneFactory, RegionFactory

pytestmark = pytest.mark.django_db
NOW = present()
FACTS = {
    "kind": "OPCO",
    "name": "OPCO fictif de Bretagne",
    "what": "",
    "website": "",
    "phone": "02 61 91 00 00",
    "email": "",
    "how": "",
    "region_codes": ["53"],
    "department_codes": [],
    "is_active": True,
}
KEEPERS = {Role.OPERATOR_MANAGER, Role.CONTRACT_MANAGER, Role.ADMINISTRATOR}


def as_role(role):
    return UserFactory(role=role, role__region=RegionFactory() if role == Role.COMMITTEE_MEMBER else None)


@pytest.mark.parametrize(
    ("rule", "roles"), [(rules.can_refer, {Role.ADVISER}), (rules.can_keep_doors, KEEPERS)]
)
def test_rules_by_role(rule, roles):
    assert {role for role in Role if rule(as_role(role))} == roles


def test_a_manager_s_door_is_the_operator_s_own():
    manager, stranger = UserFactory(role=Role.OPERATOR_MANAGER), UserFactory(role=Role.OPERATOR_MANAGER)
    keeper = UserFactory(role=Role.CONTRACT_MANAGER)

    own = add_door(facts=FACTS, by=manager, now=NOW)
    common = add_door(facts=FACTS, by=keeper, now=NOW)

    seen = {
        user: set(ReferralDoor.objects.visible_to(user))
        for user in (manager, stranger, keeper, as_role(Role.INTAKE_OFFICER))
    }
    assert list(seen.values()) == [{own, common}, {common}, {own, common}, set()]
    assert [rules.keeps(user, own) for user in (manager, stranger, keeper)] == [True, False, True]
    assert [rules.keeps(user, common) for user in (manager, stranger, keeper)] == [False, False, True]
    assert AuditEvent.objects.filter(action="operators.referral_door.added").count() == 2


def test_a_change_keeps_what_was_written_before():
    manager = UserFactory(role=Role.OPERATOR_MANAGER)
    door = add_door(facts=FACTS, by=manager, now=NOW)

    change_door(door=door, facts={**FACTS, "is_active": False, "region_codes": []}, by=manager, now=NOW)
    change_door(door=door, facts={**FACTS, "is_active": False, "region_codes": []}, by=manager, now=NOW)

    last, first = selectors.door_changes(door=door)
    assert last.values == {"region_codes": [["53"], []], "is_active": [True, False]}
    assert first.values["name"] == [None, "OPCO fictif de Bretagne"]
    assert AuditEvent.objects.get(action="operators.referral_door.changed").data == {
        "fields": ["is_active", "region_codes"]
    }


@pytest.mark.parametrize(
    ("changed", "words"),
    [({"phone": ""}, "Indiquez au moins un site"), ({}, "déjà dans l’annuaire")],
)
def test_a_door_unreachable_or_known_is_refused(changed, words):
    manager = UserFactory(role=Role.OPERATOR_MANAGER)
    add_door(facts=FACTS, by=manager, now=NOW)

    with pytest.raises(DoorInvalid, match=words):
        add_door(facts={**FACTS, **changed}, by=manager, now=NOW)


def test_a_manager_does_not_change_the_door_of_all():
    with pytest.raises(DoorInvalid, match="un autre service"):
        change_door(
            door=ReferralDoorFactory(), facts=FACTS, by=UserFactory(role=Role.OPERATOR_MANAGER), now=NOW
        )


def test_national_doors_are_loaded_once_and_corrections_are_kept():
    assert load_doors(now=NOW) == len(NATIONAL_DOORS)
    ReferralDoor.objects.filter(name="Apec").update(is_active=False)

    assert load_doors(now=NOW) == 0
    assert ReferralDoor.objects.get(name="Apec").is_active is False


def test_the_doors_of_the_person_s_territory_come_first(pathway, adviser):
    near = ReferralDoorFactory(department_codes=["35"])
    region = ReferralDoorFactory(region_codes=["53"])
    everywhere = ReferralDoorFactory()
    ReferralDoorFactory(region_codes=["44"])
    ReferralDoorFactory(department_codes=["35"], is_active=False)
    ReferralDoorFactory(department_codes=["35"], organisation=AdviserFactory().site.contract.holder)

    near_doorses = selectors.doors_for(user=adviser, pathway=pathway)

    assert [(near_doors.nearness, near_doors.doors) for near_doors in near_doorses] == [
        ("department", [near]),
        ("region", [region]),
        ("national", [everywhere]),
    ]


@pytest.mark.parametrize("count", [1, 4])
def test_directory_query_count_is_constant(client, django_assert_num_queries, count):
    manager = UserFactory(role=Role.OPERATOR_MANAGER)
    client.force_login(manager)
    ReferralDoorFactory.create_batch(count, organisation=manager.mandate.organisation, updated_by=manager)

    with django_assert_num_queries(4):  # session, user, mandates, doors
        response = client.get(reverse("operators:door_list"))

    assert len(response.context["rows"]) == count


def test_a_manager_adds_a_door_then_corrects_it_and_reads_its_history(client):
    client.force_login(UserFactory(role=Role.OPERATOR_MANAGER))
    CommuneFactory()
    posted = {**FACTS, "is_active": "on"}

    client.post(reverse("operators:door_add"), posted)
    door = ReferralDoor.objects.get()
    page = reverse("operators:door_change", args=[door.uuid])
    client.post(page, {**posted, "what": "Le plan de formation.", "kind": "CPF"})

    response = client.get(page)
    assert (door.phone, door.region_codes) == ("02 61 91 00 00", ["53"])
    assert "type : Opérateur de compétences (OPCO) → Compte formation (CPF)" in response.text
    assert "ce qu’on y trouve : rien → Le plan de formation." in response.text
    assert "ajoutée à l’annuaire" in response.text


def test_a_door_refused_says_why_and_keeps_what_was_typed(client):
    client.force_login(UserFactory(role=Role.CONTRACT_MANAGER))

    response = client.post(reverse("operators:door_add"), {**FACTS, "region_codes": [], "phone": ""})

    assert "Indiquez au moins un site, un téléphone" in response.text
    assert "OPCO fictif de Bretagne" in response.text
    assert ReferralDoor.objects.count() == 0
