"""Which files are proposed, by rule and never across operators, and what is said of them."""

from datetime import timedelta

import pytest

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from operators.moving.duplicates import errors, rules, selectors
from operators.moving.duplicates.enums import Alike, PairState
from operators.moving.duplicates.models import DuplicatePair
from operators.moving.duplicates.services import find_duplicates, find_everywhere, say_apart
from operators.moving.duplicates.tasks import find_duplicates as nightly
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.duplicates import PHONE, twins
from tests.factories.operators import AdviserFactory, AppointmentFactory
from tests.factories.territories import CommuneFactory
from tests.operators.casework.pathways.test_pages import as_role
from tests.operators.moving.duplicates.test_merging import NOW, signed


@pytest.fixture
def adviser():
    return AdviserFactory()


def known(adviser, commune=None, **facts):
    person = BeneficiaryFactory(**facts)
    place = commune or CommuneFactory(code=f"{Beneficiary.objects.count():05d}")
    ServiceRequestFactory(beneficiary=person, contract=adviser.site.contract, commune=place)
    return person


def listed(adviser) -> list:
    find_duplicates(organisation=adviser.site.contract.holder, now=NOW)
    return list(DuplicatePair.objects.order_by("pk").values_list("first", "second", "alike"))


def seen_from(adviser, person) -> list:
    likely = selectors.duplicates_of(user=signed(adviser), person=person)
    return [(likeness.person.pk, list(likeness.alike)) for likeness in likely]


LEA = {"first_name": "Léa", "last_name": "Lefèvre", "phone": PHONE, "email": "lea@exemple.example"}
NOBODY = {"phone": "", "email": "autre@exemple.example"}


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        ({**NOBODY, "first_name": "LEA", "last_name": "Lefevre", "phone": "+33 6 39 98 00 01"}, "PHONE NAME"),
        ({**NOBODY, "first_name": "Léa", "last_name": "Lefevres", "phone": PHONE}, "PHONE CLOSE_NAME"),
        (
            {**NOBODY, "first_name": "Léa", "last_name": "Lefevre", "email": "LEA@exemple.example"},
            "EMAIL NAME",
        ),
        ({"first_name": "Zoé", "last_name": "Martin"}, "EMAIL PHONE"),
        ({**NOBODY, "first_name": "Zoé", "last_name": "Martin", "phone": PHONE}, ""),
        (NOBODY, ""),
    ],
    ids=["accents and +33", "close name", "case of address", "both contacts", "shared phone", "homonym"],
)
@pytest.mark.django_db
def test_score_is_a_sum_that_can_be_explained(adviser, other, alike):
    lea, two = known(adviser, **LEA), known(adviser, **{**LEA, **other})
    expected = alike.split()

    assert listed(adviser) == ([(lea.pk, two.pk, expected)] if expected else [])
    assert seen_from(adviser, lea) == ([(two.pk, expected)] if expected else [])
    assert seen_from(adviser, two) == ([(lea.pk, expected)] if expected else [])


@pytest.mark.django_db
def test_same_name_in_the_same_commune_is_asked(adviser):
    commune = CommuneFactory()
    lea = known(adviser, commune, **LEA)
    two = known(adviser, commune, **{**LEA, **NOBODY})

    assert listed(adviser) == [(lea.pk, two.pk, ["NAME", "COMMUNE"])]
    assert seen_from(adviser, lea) == [(two.pk, ["NAME", "COMMUNE"])]


@pytest.mark.django_db
def test_people_of_another_operator_are_never_shown(adviser):
    elsewhere = AdviserFactory()
    lea, two = known(adviser, **LEA), known(elsewhere, **LEA)

    assert find_everywhere(now=NOW) == 0
    assert seen_from(adviser, lea) == []
    assert seen_from(elsewhere, two) == []
    assert selectors.likeness(user=signed(adviser), person=lea, other=two) is None


@pytest.mark.django_db
def test_person_known_by_an_appointment_alone_is_compared(adviser):
    lea, two = known(adviser, **LEA), BeneficiaryFactory(**LEA)
    AppointmentFactory(adviser=adviser, beneficiary=two)

    assert listed(adviser) == [(lea.pk, two.pk, ["EMAIL", "PHONE", "NAME"])]


@pytest.mark.django_db
def test_number_of_an_association_says_nothing(adviser):
    for number in range(rules.MOST_SHARING + 1):
        known(adviser, **{**LEA, "email": f"p{number}@exemple.example"})

    assert listed(adviser) == []


@pytest.mark.parametrize("column", ["restricted_at", "merged_into"])
@pytest.mark.django_db
def test_frozen_and_merged_files_are_left_alone(adviser, column):
    lea, two = known(adviser, **LEA), known(adviser, **LEA)
    other = BeneficiaryFactory()
    Beneficiary.objects.filter(pk=two.pk).update(**{column: NOW if column == "restricted_at" else other})

    assert listed(adviser) == []
    assert seen_from(adviser, lea) == []


@pytest.mark.django_db
def test_search_again_changes_nothing_and_forgets_what_is_over(adviser):
    _, two = twins(adviser)
    listed(adviser)
    before = DuplicatePair.objects.get()

    assert len(listed(adviser)) == 1
    assert DuplicatePair.objects.get().found_at == before.found_at

    Beneficiary.objects.filter(pk=two.pk).update(phone="", first_name="Zoé")
    assert listed(adviser) == []


@pytest.mark.django_db
def test_two_people_said_apart_are_never_proposed_again(adviser):
    person, two = twins(adviser)

    pair = say_apart(person=two, other=person, by=signed(adviser), now=NOW)

    assert seen_from(adviser, person) == seen_from(adviser, two) == []
    listed(adviser)
    assert DuplicatePair.objects.get().state == PairState.APART
    assert list(selectors.pair_list(user=signed(adviser))) == []
    line = AuditEvent.objects.get(action="operators.duplicatepair.said_apart")
    assert (line.target_id, line.data) == (pair.pk, {})


@pytest.mark.django_db
def test_pair_found_in_the_night_is_said_apart_once(adviser):
    person, two = twins(adviser)
    listed(adviser)

    first = say_apart(person=person, other=two, by=signed(adviser), now=NOW)
    again = say_apart(person=person, other=two, by=signed(adviser), now=NOW + timedelta(days=1))

    assert first == again
    assert DuplicatePair.objects.get().decided_at == NOW


@pytest.mark.django_db
def test_nobody_says_of_people_they_do_not_see(adviser):
    person, two = twins(adviser)

    with pytest.raises(errors.PersonNotVisible):
        say_apart(person=person, other=two, by=signed(AdviserFactory()), now=NOW)


@pytest.mark.django_db
def test_night_looks_into_each_operator_apart(adviser):
    twins(adviser)
    twins(AdviserFactory())

    nightly()

    assert DuplicatePair.objects.values("organisation").distinct().count() == 2


@pytest.mark.django_db
def test_pairs_are_seen_by_role(adviser):
    twins(adviser)
    listed(adviser)
    holder = {"role__organisation": adviser.site.contract.holder}
    seen = {}
    for role in (Role.ADVISER, Role.OPERATOR_MANAGER, Role.INTAKE_OFFICER):
        user = UserFactory(role=role, **holder)
        user.mandate = user.mandates.get()
        seen[role] = selectors.pair_list(user=user).count()

    assert seen == {Role.ADVISER: 1, Role.OPERATOR_MANAGER: 1, Role.INTAKE_OFFICER: 0}


@pytest.mark.django_db
def test_who_merges_by_role():
    allowed = {role for role in Role if rules.can_merge_people(as_role(role))}

    assert allowed == {Role.ADVISER, Role.OPERATOR_MANAGER}


def test_each_likeness_has_its_weight():
    assert set(Alike.weights) == set(Alike.values)
    assert rules.score(["EMAIL", "CLOSE_NAME"]) == 65
