"""The pages of an extract, as who asks, who judges and who has nothing to do with it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cep_portal.accounts.models import AuditEvent
from cep_portal.documents.gateways import storage
from operators.exchange.extracts.enums import ExtractState
from operators.exchange.extracts.models import Extract
from tests.factories.extracts import ExtractFactory, ready_extract

pytestmark = pytest.mark.django_db
ASKED = {
    "kind": "SESSIONS",
    "starts_on": "2026-01-01",
    "ends_on": "2026-11-01",
    "file_format": "csv",
    "purpose": "Préparer le contrôle de l’année.",
}


def page(client, name, extract):
    return client.get(reverse(f"operators:extract_{name}", args=[extract.uuid]))


def judge(client, extract, **answer):
    return client.post(reverse("operators:extract_detail", args=[extract.uuid]), answer)


def ready(asker, judged_by, *, ago=timedelta(), **details):
    return ready_extract(
        asked_by=asker, judged_by=judged_by, ends_on=date(2026, 11, 10), now=timezone.now() - ago, **details
    )


def test_whole_road_asked_granted_taken(client, asker, contracts, django_capture_on_commit_callbacks):
    client.force_login(asker)
    asked = client.post(reverse("operators:extract_ask"), ASKED)
    extract = Extract.objects.get()
    client.force_login(contracts)
    with django_capture_on_commit_callbacks(execute=True):
        judge(client, extract, answer="accorder")
    client.force_login(asker)
    answer = page(client, "download", extract)

    assert asked.url == reverse("operators:extract_detail", args=[extract.uuid])
    assert answer["Content-Disposition"] == 'attachment; filename="extraction-20260101-20261101.csv"'
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")
    assert b"".join(answer.streaming_content).startswith(b"\xef\xbb\xbfJour;Lieu;Personne;")
    line = AuditEvent.objects.get(action="operators.extract.opened")
    assert (line.actor, line.target_id) == (asker, extract.pk)
    shown = page(client, "detail", extract)
    assert [one.actor for one in shown.context["downloads"]] == [asker]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"starts_on": "2025-01-01"}, "ends_on"),
        ({"ends_on": "2030-01-01"}, "ends_on"),
        ({"purpose": "étude"}, "purpose"),
        ({"kind": "NOTES"}, "kind"),
        ({"starts_on": ""}, "starts_on"),
    ],
)
def test_request_that_cannot_be_is_said_on_its_field(client, asker, changed, field):
    client.force_login(asker)

    answer = client.post(reverse("operators:extract_ask"), {**ASKED, **changed})

    assert list(answer.context["form"].errors) == [field]
    assert not Extract.objects.exists()


def test_asker_sees_no_form_to_judge_and_cannot_send_one(client, asker):
    extract = ExtractFactory(organisation=asker.mandate.organisation, asked_by=asker)
    client.force_login(asker)

    shown = page(client, "detail", extract)
    sent = judge(client, extract, answer="accorder")

    assert shown.context["form"] is None
    assert "Retirer ma demande" in shown.text
    assert sent.status_code == 200
    extract.refresh_from_db()
    assert extract.state == ExtractState.ASKED


def test_refusal_needs_words_and_is_read_by_the_asker(client, asker, colleague):
    extract = ExtractFactory(organisation=asker.mandate.organisation, asked_by=asker)
    client.force_login(colleague)

    bare = judge(client, extract, answer="refuser", reason="")
    judge(client, extract, answer="refuser", reason="La page Capacité suffit.")
    client.force_login(asker)

    assert bare.context["form"].errors == {"reason": ["Un refus dit pourquoi."]}
    assert "La page Capacité suffit." in page(client, "detail", extract).text


def test_colleague_reads_the_request_about_people_but_does_not_judge_it(client, asker, colleague):
    extract = ExtractFactory(organisation=asker.mandate.organisation, asked_by=asker, kind="SESSIONS")
    client.force_login(colleague)

    assert page(client, "detail", extract).context["form"] is None
    judge(client, extract, answer="accorder")

    extract.refresh_from_db()
    assert extract.state == ExtractState.ASKED


def test_only_the_asker_takes_the_file(client, asker, colleague, contracts):
    extract = ready(asker, contracts)

    client.force_login(colleague)
    assert page(client, "download", extract).status_code == 404
    assert "Télécharger" not in page(client, "detail", extract).text
    client.force_login(contracts)
    assert page(client, "download", extract).status_code == 403
    assert not AuditEvent.objects.filter(action="operators.extract.opened").exists()


def test_link_is_over_at_48_hours(client, asker, colleague):
    extract = ready(asker, colleague, ago=timedelta(hours=48))
    client.force_login(asker)

    answer = page(client, "download", extract)

    assert answer.status_code == 410
    assert "Le fichier n’est plus disponible" in answer.text
    assert not AuditEvent.objects.filter(action="operators.extract.opened").exists()


def test_link_still_opens_a_minute_before(client, asker, colleague):
    extract = ready(asker, colleague, ago=timedelta(hours=47, minutes=59))
    client.force_login(asker)

    assert page(client, "download", extract).status_code == 200


def test_file_that_a_restore_did_not_bring_back_is_said(client, asker, colleague):
    extract = ready(asker, colleague)
    storage.destroy(extract.path)
    client.force_login(asker)

    answer = page(client, "download", extract)

    assert answer.status_code == 410
    assert "Ce fichier n’est plus disponible : refaites la demande." in answer.text


def test_no_file_yet_does_not_exist(client, asker):
    extract = ExtractFactory(organisation=asker.mandate.organisation, asked_by=asker)
    client.force_login(asker)

    assert page(client, "download", extract).status_code == 404


def test_progress_is_shown_then_the_page_reloads_itself(client, asker, contracts):
    extract = ExtractFactory(organisation=asker.mandate.organisation, asked_by=asker)
    Extract.objects.filter(pk=extract.pk).update(
        state="GRANTED",
        judged_by=contracts,
        judged_at=timezone.now(),
        judged_as="CONTRACT_MANAGER",
        line_count=200,
        lines_done=50,
    )
    client.force_login(asker)

    assert 'max="100" value="25"' in page(client, "detail", extract).text
    assert 'max="100" value="25"' in page(client, "status", extract).text
    other = ready(asker, contracts, kind="SESSIONS")
    assert page(client, "status", other)["HX-Refresh"] == "true"


def test_request_is_taken_back_by_its_asker_only(client, asker, colleague):
    extract = ExtractFactory(organisation=asker.mandate.organisation, asked_by=asker)
    url = reverse("operators:extract_cancel", args=[extract.uuid])

    client.force_login(colleague)
    assert client.post(url).status_code == 404
    client.force_login(asker)
    client.post(url)

    extract.refresh_from_db()
    assert extract.state == ExtractState.CANCELLED


def test_request_of_another_operator_does_not_exist(client, asker):
    other = ExtractFactory()
    client.force_login(asker)

    assert [page(client, name, other).status_code for name in ("detail", "status", "download")] == [404] * 3


@pytest.mark.parametrize("count", [1, 4])
def test_list_query_count_is_constant(client, asker, colleague, count, django_assert_num_queries):
    for number in range(count):
        ExtractFactory(
            organisation=asker.mandate.organisation,
            asked_by=colleague,
            starts_on=date(2026, 1, 1 + number),
        )
    client.force_login(asker)
    client.get(reverse("operators:extract_list"))

    with django_assert_num_queries(6):  # session, user, mandate, count, page, to judge
        shown = client.get(reverse("operators:extract_list"))

    assert (len(shown.context["rows"]), len(shown.context["to_judge"])) == (count, count)


@pytest.mark.parametrize("count", [1, 4])
def test_watch_query_count_is_constant(client, contracts, count, django_assert_num_queries):
    ExtractFactory.create_batch(count, kind="SESSIONS")
    client.force_login(contracts)
    client.get(reverse("operators:extract_watch"))

    with django_assert_num_queries(6):
        shown = client.get(reverse("operators:extract_watch"))

    assert (len(shown.context["rows"]), len(shown.context["to_judge"])) == (count, count)


def test_lists_say_so_when_empty(client, asker, contracts):
    client.force_login(asker)
    assert "Aucune extraction" in client.get(reverse("operators:extract_list")).text
    client.force_login(contracts)
    assert "Aucune demande n’attend votre réponse." in client.get(reverse("operators:extract_watch")).text
