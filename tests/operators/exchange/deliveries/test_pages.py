"""The pages of deliveries: send, follow, mend, and the clock that France compétences reads."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cep_portal.accounts.enums import Role
from operators.casework.pathways.models import CounsellingSession
from operators.exchange.deliveries.models import DataDelivery
from operators.exchange.deliveries.services import forget_checked_files, storage
from operators.reception.calls.selectors import unanswered_requests
from tests.factories.accounts import UserFactory
from tests.factories.deliveries import NOW, DataDeliveryFactory, csv_of, software
from tests.factories.operators import ContractFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return software()


@pytest.fixture
def manager(operator, client):
    user = UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=operator.organisation)
    client.force_login(user)
    return user


def upload(client, content, page="delivery_list", name="remontee.csv"):
    return client.post(reverse(f"operators:{page}"), {"file": SimpleUploadedFile(name, content)})


def test_manager_sends_a_file_and_reads_its_report(
    client, manager, operator, django_capture_on_commit_callbacks
):
    lines = csv_of(*operator.road(), operator.session(id="S-2", niveau="SIX")).encode()

    with django_capture_on_commit_callbacks(execute=True):
        answer = upload(client, lines)

    delivery = DataDelivery.objects.get()
    assert answer.url == reverse("operators:delivery_detail", args=[delivery.uuid])
    assert (delivery.new_count, delivery.refused_count, delivery.sent_by) == (4, 1, manager)
    page = client.get(answer.url)
    assert [line.number for line in page.context["page"]] == [6]
    assert page.context["fields"] == [("Niveau", 1)]


def test_refused_lines_are_mended_and_sent_again(
    client, manager, operator, django_capture_on_commit_callbacks
):
    delivery = operator.send(*operator.road(), operator.session(id="S-2", niveau="SIX"))
    url = reverse("operators:delivery_refused", args=[delivery.uuid, "csv"])

    returned = client.get(url).content.decode()
    mended = returned.replace("SIX", "TWO").replace("2026-03-12 10:05", "2026-03-19 10:05")
    with django_capture_on_commit_callbacks(execute=True):
        upload(client, mended.encode())

    again = DataDelivery.objects.latest("pk")
    assert "niveau : « SIX » n’est pas dans la liste." in returned
    assert (again.new_count, again.refused_count, again.line_count) == (1, 0, 1)
    assert CounsellingSession.objects.count() == 2


def test_refused_lines_come_back_as_a_workbook_without_a_formula(client, manager, operator):
    delivery = operator.send(operator.session(suite="=HYPERLINK(1)"))
    url = reverse("operators:delivery_refused", args=[delivery.uuid, "xlsx"])

    sheet = openpyxl.load_workbook(BytesIO(client.get(url).content)).active

    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert "'=HYPERLINK(1)" in [cell.value for cell in cells]
    assert "f" not in {cell.data_type for cell in cells}


def test_formula_in_a_refused_line_is_inert_in_the_csv(client, manager, operator):
    delivery = operator.send(operator.session(suite="=1+1"))

    text = client.get(reverse("operators:delivery_refused", args=[delivery.uuid, "csv"])).content.decode()

    assert ";'=1+1;" in text


def test_trial_page_writes_nothing(client, manager, operator, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        upload(client, csv_of(*operator.road()).encode(), page="delivery_trial")

    delivery = DataDelivery.objects.get()
    assert (delivery.is_trial, delivery.new_count) == (True, 4)
    assert not CounsellingSession.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("a.pdf", b"x", "Envoyez un fichier CSV, XLSX ou JSON."), ("a.csv", b"", "Ce fichier est vide")],
)
def test_file_that_is_none_is_refused_on_the_page(client, manager, name, content, said):
    answer = upload(client, content, name=name)

    assert said in answer.content.decode()
    assert not DataDelivery.objects.exists()


def test_running_delivery_shows_progress_and_reloads_without_script(client, manager, operator):
    delivery = DataDeliveryFactory(organisation=operator.organisation)

    page = client.get(reverse("operators:delivery_detail", args=[delivery.uuid])).content.decode()

    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    assert "Le fichier est lu" in page


def test_delivery_of_another_operator_does_not_exist(client, manager):
    other = DataDeliveryFactory()

    for name, args in (("delivery_detail", []), ("delivery_status", []), ("delivery_refused", ["csv"])):
        assert client.get(reverse(f"operators:{name}", args=[other.uuid, *args])).status_code == 404


@pytest.mark.parametrize("count", [1, 4])
def test_delivery_list_query_count_is_constant(client, manager, operator, count, django_assert_num_queries):
    DataDeliveryFactory.create_batch(count, organisation=operator.organisation)
    client.get(reverse("operators:delivery_list"))

    with django_assert_num_queries(10):
        page = client.get(reverse("operators:delivery_list"))

    assert len(page.context["page"].object_list) == count


@pytest.mark.parametrize("count", [1, 4])
def test_supply_query_count_is_constant(client, count, django_assert_num_queries):
    client.force_login(UserFactory(role=Role.CONTRACT_MANAGER))
    ContractFactory.create_batch(count)
    client.get(reverse("operators:supply"))

    with django_assert_num_queries(8):
        page = client.get(reverse("operators:supply"))

    assert len(page.context["rows"]) == count


def test_supply_shows_counts_and_no_line(client, operator):
    operator.send(*operator.road(), operator.session(id="S-2", niveau="SIX"), now=timezone.now())
    client.force_login(UserFactory(role=Role.CONTRACT_MANAGER))

    page = client.get(reverse("operators:supply"))

    row = page.context["rows"][0]
    assert (row["supply"].taken, row["supply"].refused, row["gaps"]) == (4, 1, "niveau (1)")
    assert row["badge"] == ("à jour", "success")
    assert "P-1" not in page.content.decode()


def test_format_page_model_and_schema_are_public(client):
    page = client.get(reverse("operators:delivery_format"))
    model = client.get(reverse("operators:delivery_model", args=["csv"])).content.decode()
    schema = client.get(reverse("operators:delivery_schema")).json()

    assert len(page.context["rows"]) == 28
    assert model.startswith("\ufeffnature;id;personne;parcours;")
    assert len(schema["properties"]["lignes"]["items"]["oneOf"]) == 5
    assert client.get(reverse("operators:delivery_model", args=["exe"])).status_code == 404


def test_silence_is_told_with_its_terms(client, manager, operator):
    operator.site.contract.starts_on = timezone.now().date() - timedelta(days=100)
    operator.site.contract.save()

    page = client.get(reverse("operators:delivery_list"))

    assert page.context["supply"].clock.silent_days == 100
    assert "silence de 100 jours" in page.content.decode()


def test_checked_file_is_sent_without_being_chosen_again(
    client, manager, operator, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        checked = upload(client, csv_of(*operator.road()).encode(), page="delivery_trial")
    assert "Envoyer ce fichier" in client.get(checked.url).content.decode()
    trial = DataDelivery.objects.get()

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("operators:delivery_send", args=[trial.uuid]))

    sent = DataDelivery.objects.latest("pk")
    assert answer.url == reverse("operators:delivery_detail", args=[sent.uuid])
    assert (sent.is_trial, sent.new_count, sent.sha256, sent.sent_by) == (False, 4, trial.sha256, manager)
    assert not storage.path_of(trial).exists()


def test_file_no_longer_kept_is_to_be_chosen_again(client, manager, operator):
    trial = operator.send(*operator.road(), trial=True)
    forget_checked_files(now=NOW + timedelta(hours=25))

    page = client.post(reverse("operators:delivery_send", args=[trial.uuid]), follow=True)

    assert "n’est plus gardé" in page.content.decode()
    assert DataDelivery.objects.count() == 1


def test_file_of_a_check_is_kept_a_day(operator):
    trial = operator.send(*operator.road(), trial=True)

    forget_checked_files(now=NOW + timedelta(hours=23))
    kept = storage.path_of(trial).exists()
    forget_checked_files(now=NOW + timedelta(hours=25))

    assert (kept, storage.path_of(trial).exists()) == (True, False)


def test_refused_lines_show_their_number_and_come_as_a_workbook_first(client, manager, operator):
    delivery = operator.send(operator.session(id="S-77", niveau="SIX"))

    page = client.get(reverse("operators:delivery_detail", args=[delivery.uuid])).content.decode()

    assert "Votre numéro" in page
    assert ">S-77<" in page
    assert page.index("Lignes refusées (XLSX)") < page.index("Lignes refusées (CSV)")


def test_workbook_of_refused_lines_keeps_numbers_as_text(client, manager, operator):
    delivery = operator.send(operator.session(id="0042", niveau="SIX"))
    url = reverse("operators:delivery_refused", args=[delivery.uuid, "xlsx"])

    sheet = openpyxl.load_workbook(BytesIO(client.get(url).content)).active

    assert (sheet["B2"].value, sheet["B2"].data_type) == ("0042", "s")
    assert sheet.column_dimensions["B"].number_format == "@"


def test_delivered_request_is_in_no_queue_of_the_portal(client, operator):
    operator.send(operator.request())
    officer = UserFactory(role=Role.INTAKE_OFFICER, role__organisation=operator.organisation)

    assert list(unanswered_requests(user=officer)) == []
