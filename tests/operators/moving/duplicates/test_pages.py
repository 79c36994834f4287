import pytest
from django.urls import reverse

from beneficiaries.rights.selectors import opening_lines, openings
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from operators.moving.duplicates.models import DuplicatePair, PersonMerge
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import ServiceRequestFactory
from tests.factories.duplicates import DuplicatePairFactory, merged, twins
from tests.factories.operators import AdviserFactory, PathwayFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def adviser(client):
    adviser = AdviserFactory()
    client.force_login(adviser.user)
    return adviser


def compare(first, second) -> str:
    return reverse("operators:pair_compare", args=[first.uuid, second.uuid])


@pytest.mark.parametrize("pairs", [1, 4])
def test_pair_list_query_count_is_constant(client, adviser, django_assert_num_queries, pairs):
    DuplicatePairFactory.create_batch(pairs, organisation=adviser.site.contract.holder)

    with django_assert_num_queries(5):  # session, user, mandates, how many pairs, pairs with their people
        answer = client.get(reverse("operators:pair_list"))

    assert len(answer.context["rows"]) == pairs
    assert "même téléphone, même nom" in answer.text


def test_pair_list_says_that_there_is_none(client, adviser):
    assert "Aucun doublon" in client.get(reverse("operators:pair_list")).text


def test_comparison_shows_both_files_and_leaves_a_trace_in_each(client, adviser):
    kept, absorbed = twins(adviser)

    shown = client.get(compare(absorbed, kept))

    assert (shown.context["kept"], shown.context["absorbed"]) == (kept, absorbed)
    assert "Même téléphone, même nom" in shown.text
    lines = AuditEvent.objects.filter(action="beneficiaries.beneficiary.opened")
    assert set(lines.values_list("target_id", flat=True)) == {kept.pk, absorbed.pk}


def test_files_are_merged_from_the_page_with_the_contact_chosen(client, adviser):
    kept, absorbed = twins(adviser)
    own, other = kept.email, absorbed.email

    answer = client.post(
        compare(kept, absorbed),
        {"reason": "CHECKED", "part_name": "kept", "part_email": "other"},
    )

    merge = PersonMerge.objects.get()
    assert answer.url == reverse("operators:merge_detail", args=[merge.uuid])
    kept.refresh_from_db()
    absorbed.refresh_from_db()
    assert (kept.email, absorbed.email, kept.last_name) == (other, own, "Morvan")
    assert "Deux dossiers réunis" in client.get(answer.url).text


def test_reason_is_asked(client, adviser):
    answer = client.post(compare(*twins(adviser)), {"part_name": "kept", "part_email": "kept"})

    assert answer.context["form"].errors == {"reason": ["Dites comment vous le savez."]}
    assert not PersonMerge.objects.exists()


def test_refusal_is_said_on_the_page(client, adviser):
    kept, absorbed = twins(adviser)
    for person in (kept, absorbed):
        ServiceRequestFactory(beneficiary=person)

    answer = client.post(
        compare(kept, absorbed), {"reason": "SAID", "part_name": "kept", "part_email": "kept"}
    )

    assert "ne peuvent pas être réunis ici" in answer.text
    assert not PersonMerge.objects.exists()


def test_people_who_share_nothing_have_no_button(client, adviser):
    kept, _ = twins(adviser)
    other = ServiceRequestFactory(
        contract=adviser.site.contract, beneficiary=PathwayFactory(adviser=adviser).beneficiary
    ).beneficiary

    assert "Réunir les deux dossiers" not in client.get(compare(kept, other)).text


def test_two_people_are_said_apart_from_the_page(client, adviser):
    kept, absorbed = twins(adviser)

    answer = client.post(reverse("operators:pair_apart", args=[kept.uuid, absorbed.uuid]))

    assert answer.url == reverse("operators:pair_list")
    assert DuplicatePair.objects.get().decided_by == adviser.user


def test_same_person_twice_is_no_pair(client, adviser):
    kept, _ = twins(adviser)

    assert client.get(compare(kept, kept)).status_code == 404


def test_file_proposes_who_resembles(client, adviser):
    kept, absorbed = twins(adviser)
    pathway = PathwayFactory(adviser=adviser, beneficiary=kept)

    shown = client.get(reverse("operators:pathway_detail", args=[pathway.uuid])).text

    assert "La même personne ?" in shown
    assert compare(kept, absorbed) in shown


def test_file_says_what_was_put_together(client, adviser):
    kept, absorbed = twins(adviser)
    into = PathwayFactory(adviser=adviser, beneficiary=kept)
    pathway = PathwayFactory(adviser=adviser, beneficiary=absorbed)
    client.post(compare(kept, absorbed), {"reason": "CHECKED", "part_name": "kept", "part_email": "kept"})

    shown = client.get(reverse("operators:pathway_detail", args=[into.uuid])).text
    joined = client.get(reverse("operators:pathway_detail", args=[pathway.uuid])).text

    assert "Deux dossiers de cette personne réunis" in shown
    assert reverse("operators:pathway_detail", args=[pathway.uuid]) in shown
    assert "Ce parcours est réuni à" in joined


def test_merge_is_undone_from_its_page(client, adviser):
    merge = merged(adviser)

    answer = client.post(reverse("operators:merge_undo", args=[merge.uuid]), follow=True)

    merge.refresh_from_db()
    assert merge.undone_by == adviser.user
    assert "Dossiers séparés de nouveau" in answer.text


def test_second_undo_says_that_it_is_done(client, adviser):
    page = reverse("operators:merge_undo", args=[merged(adviser).uuid])
    client.post(page)

    assert "déjà séparés" in client.post(page, follow=True).text


def test_person_reads_the_merge_among_the_openings(adviser):
    merge = merged(adviser)

    lines = list(opening_lines(beneficiary=merge.kept))
    (shown,) = openings(beneficiary=merge.kept, lines=lines)

    assert shown.label == "Deux dossiers à votre nom réunis en un"
    assert (shown.organisation, shown.reason) == (
        adviser.site.contract.holder.name,
        "cela a été vérifié avec vous",
    )


def test_person_reads_the_openings_of_the_duplicate_too(client, adviser):
    kept, absorbed = twins(adviser)
    client.get(compare(kept, absorbed))
    client.post(compare(kept, absorbed), {"reason": "CHECKED", "part_name": "kept", "part_email": "kept"})

    seen = opening_lines(beneficiary=kept).filter(target_type="beneficiaries.beneficiary")

    assert set(seen.values_list("target_id", flat=True)) == {kept.pk, absorbed.pk}


@pytest.mark.parametrize("role", [Role.INTAKE_OFFICER, Role.ANALYST, Role.BENEFICIARY])
def test_others_merge_nobody(client, role):
    adviser = AdviserFactory()
    kept, absorbed = twins(adviser)
    holder = {"role__organisation": adviser.site.contract.holder} if role == Role.INTAKE_OFFICER else {}
    client.force_login(UserFactory(role=role, **holder))

    assert client.get(compare(kept, absorbed)).status_code == 403
    assert client.get(reverse("operators:pair_list")).status_code == 403


def test_adviser_of_another_operator_sees_nothing(client, adviser):
    other = AdviserFactory()
    merge = merged(other)

    assert client.get(compare(*twins(other))).status_code == 404
    assert client.get(reverse("operators:merge_detail", args=[merge.uuid])).status_code == 404
