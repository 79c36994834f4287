"""The gate of a file: who is let through, what the journal keeps, where one goes on."""

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiaries.rights.selectors import opening_lines, openings
from cep_portal.accounts.models import AuditEvent
from operators.casework.desk.models import FileReason
from operators.casework.pathways.person_file import pathway_readers
from tests.factories.attachments import clean_attachment
from tests.factories.handovers import HandoverFactory
from tests.factories.operators import (
    AdviserFactory,
    AppointmentFactory,
    CounsellingSessionFactory,
    PathwayFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pathway():
    return PathwayFactory()


@pytest.fixture
def colleague(client, pathway):
    colleague = AdviserFactory(site=pathway.adviser.site)
    client.force_login(colleague.user)
    return colleague


def page(name, pathway):
    return reverse(f"operators:{name}", args=[pathway.uuid])


def test_the_answer_leads_to_the_page_that_was_wanted(client, pathway, colleague):
    wanted = page("plan_targets", pathway) + "?metier=boulanger"

    asked = client.get(wanted)
    answer = client.post(asked["Location"], {"kind": "CALL"})

    assert answer["Location"] == wanted


@pytest.mark.parametrize(
    "elsewhere", ["https://ailleurs.example/", "//ailleurs.example/", "javascript:alert(1)", "ailleurs"]
)
def test_the_answer_never_leads_out_of_the_portal(client, pathway, colleague, elsewhere):
    url = page("file_reason", pathway)

    answer = client.post(f"{url}?suite={elsewhere}", {"kind": "CALL"})

    assert answer["Location"] == page("pathway_detail", pathway)


def test_a_form_sent_without_a_reason_writes_nothing(client, pathway, colleague):
    answer = client.post(page("plan", pathway), {"title": "Changer de métier"})

    assert answer["Location"] == page("file_reason", pathway)
    assert hasattr(pathway, "action_plan") is False


def test_file_opened_by_a_colleague_keeps_the_reason(client, pathway, colleague, settings, tmp_path):
    settings.PORTAL_DATA_DIR = str(tmp_path)
    attachment = clean_attachment(pathway=pathway)
    client.post(page("file_reason", pathway), {"kind": "CALL"})

    client.get(reverse("operators:attachment", args=[attachment.uuid]))

    line = AuditEvent.objects.get(action="operators.attachment.opened")
    assert line.data == {"reason": FileReason.objects.get().pk}
    person = pathway.beneficiary
    (row,) = openings(beneficiary=person, lines=list(opening_lines(beneficiary=person)))
    assert (row.label, row.reason) == ("Fichier du parcours", "vous avez appelé ou écrit")


def test_who_lent_a_file_is_asked_nothing(client):
    lent = HandoverFactory()
    client.force_login(lent.former.user)

    assert client.get(page("pathway_detail", lent.pathway)).status_code == 200


def test_who_gave_a_file_for_good_is_asked(client):
    given = HandoverFactory(kind="FINAL", until=None)
    client.force_login(given.former.user)

    assert client.get(page("pathway_detail", given.pathway)).status_code == 302


def test_stand_in_is_asked_again_once_the_file_is_taken_back(client):
    lent = HandoverFactory(ended_at=timezone.now())
    lent.pathway.adviser = lent.former
    lent.pathway.save()
    client.force_login(lent.colleague.user)

    assert client.get(page("pathway_detail", lent.pathway)).status_code == 302


def test_lender_stand_in_and_both_of_a_pair_are_expected_readers():
    """None of them is shown to the person as somebody unexpected."""
    lent = HandoverFactory(ended_at=timezone.now())
    pathway = lent.pathway
    pair = AdviserFactory(site=lent.former.site)
    AppointmentFactory(
        beneficiary=pathway.beneficiary, site=lent.former.site, adviser=lent.former, second_adviser=pair
    )
    received = CounsellingSessionFactory(pathway=pathway).adviser

    readers = pathway_readers(pathway.beneficiary)[pathway.pk]

    assert readers.own == {
        self_attribute.user_id for self_attribute in (lent.former, lent.colleague, pair, received)
    }


@pytest.mark.parametrize("count", [1, 4])
def test_the_gate_costs_the_same_whatever_the_sessions(
    client, pathway, colleague, count, django_assert_num_queries
):
    for _ in range(count):
        CounsellingSessionFactory(pathway=pathway, adviser=pathway.adviser)

    # session, user, mandates, pathway, followers, lent, reason
    with django_assert_num_queries(7):
        answer = client.get(page("attachment_list", pathway))

    assert answer.status_code == 302
