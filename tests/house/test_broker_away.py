"""Every act that asks for a task is written, and its page answers, while the broker refuses connections."""

import ast
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from beneficiaries.request.rules import PROVED_KEY
from beneficiaries.rights.models import DataExport
from cep_portal.accounts.enums import Role
from cep_portal.common.task_names import ASKED_AGAIN, RESUMED_BY, TaskName
from cep_portal.messaging.models import Message
from cep_portal.schedule import BEAT_SCHEDULE
from cep_portal.training.gateways import progress
from cep_portal.training.models import TrainingPlace
from operators.booking.demand.models import WaitingEntry
from operators.casework.attachments.models import Attachment
from operators.exchange.deliveries.models import DataDelivery
from operators.exchange.extracts.enums import ExtractState
from operators.exchange.extracts.models import Extract
from operators.exchange.webhooks.models import WebhookMessage
from reporting.kpis.rules.periods import last_closed_month
from reporting.packs.models import RegionalPack
from tests.documents import samples
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.deliveries import csv_of, software
from tests.factories.extracts import ExtractFactory
from tests.factories.operators import PathwayFactory, SiteFactory
from tests.factories.reporting import KpiRunFactory, KpiValueFactory
from tests.factories.territories import RegionFactory
from tests.factories.webhooks import WebhookSubscriptionFactory

ROOT = Path(__file__).parents[2]
APPS = ("beneficiaries", "cep_portal", "operators", "procurement", "reporting")
WISHES = {"level": "ONE", "modes": ["ON_SITE"], "hours": ["AFTER_18"], "place": "ici"}
PERSON = {"first_name": "Dominique", "last_name": "Durand", "email": "dominique@exemple.example"}


def message(client, _settings):
    request = ServiceRequestFactory(contract=SiteFactory().contract)
    page = reverse("operators:nothing_fits", args=[request.reference])
    contact = client.post(page, {**WISHES, "voie": "WAITING"})
    return client.post(contact.url, PERSON), Message.objects.filter(state="DUE")


def waiting(client, _settings):
    request = ServiceRequestFactory(contract=SiteFactory().contract, beneficiary=BeneficiaryFactory())
    session = client.session
    session[PROVED_KEY] = [request.reference]
    session.save()
    page = reverse("operators:nothing_fits", args=[request.reference])
    return client.post(page, {**WISHES, "voie": "WAITING"}), WaitingEntry.objects.all()


def attachment(client, _settings):
    pathway = PathwayFactory()
    client.force_login(pathway.adviser.user)
    file = SimpleUploadedFile("cv.pdf", samples.pdf(), "application/pdf")
    page = reverse("operators:attachment_list", args=[pathway.uuid])
    return client.post(page, {"file": file}), Attachment.objects.all()


def delivery(client, _settings):
    operator = software()
    client.force_login(UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=operator.organisation))
    file = SimpleUploadedFile("remontee.csv", csv_of(*operator.road()).encode())
    return client.post(reverse("operators:delivery_list"), {"file": file}), DataDelivery.objects.all()


def extract(client, _settings):
    asked = ExtractFactory()
    client.force_login(UserFactory(role=Role.CONTRACT_MANAGER))
    page = reverse("operators:extract_detail", args=[asked.uuid])
    return client.post(page, {"answer": "accorder"}), Extract.objects.filter(state=ExtractState.GRANTED)


def webhook(client, _settings):
    manager = UserFactory(role=Role.OPERATOR_MANAGER)
    own = WebhookSubscriptionFactory(organisation=manager.mandate.organisation, created_by=manager)
    client.force_login(manager)
    return client.post(reverse("operators:webhook_test", args=[own.uuid])), WebhookMessage.objects.all()


def export(client, _settings):
    person = BeneficiaryFactory(user=UserFactory(role=Role.BENEFICIARY))
    client.force_login(person.user)
    return client.post("/mon-espace/donnees/copie/"), DataExport.objects.all()


def pack(client, _settings):
    region = RegionFactory()
    month = last_closed_month(timezone.localdate()).starts_on
    KpiValueFactory(run=KpiRunFactory(), region=region, period_starts_on=month)
    client.force_login(UserFactory(role=Role.ANALYST))
    page = reverse("reporting:pack_ask", args=[region.code])
    return client.post(page, {"month": f"{month:%Y-%m}"}), RegionalPack.objects.all()


def in_place(client, settings):
    settings.PORTAL_TRAINING = True
    settings.ROOT_URLCONF = "cep_portal.training.urls.root"
    TrainingPlace.objects.create(opened_at=timezone.now() - timedelta(days=1))
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))


def clock(client, settings):
    in_place(client, settings)
    moved = TrainingPlace.objects.filter(moving_to__isnull=False)
    return client.post(reverse("training:clock_move"), {"step": "DAY"}), moved


def reset(client, settings):
    in_place(client, settings)
    answer = client.post(reverse("training:reset"), {"sure": "on"})
    return answer, TrainingPlace.objects.all() if progress.rebuilding() else TrainingPlace.objects.none()


ACTS = {
    TaskName.SEND_MESSAGE: message,
    TaskName.OFFER_FREE_SLOTS: waiting,
    TaskName.SCAN_ATTACHMENT: attachment,
    TaskName.TAKE_DELIVERY: delivery,
    TaskName.MAKE_EXTRACT: extract,
    TaskName.SEND_WEBHOOK: webhook,
    TaskName.BUILD_EXPORT: export,
    TaskName.BUILD_PACK: pack,
    TaskName.MOVE_CLOCK: clock,
    TaskName.RESET_PLACE: reset,
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("broker_away")
@pytest.mark.parametrize("name", list(ACTS))
def test_act_is_written_and_its_page_answers(client, name, settings, tmp_path, caplog):
    settings.PORTAL_DATA_DIR = str(tmp_path)

    with caplog.at_level(logging.ERROR):
        answer, written = ACTS[name](client, settings)

    assert answer.status_code == 302
    assert written.count() == 1
    assert str(name) in caplog.text  # it was sent, and the broker refused


def names_asked() -> set[str]:
    """The TaskName members that the code gives to `later()`."""
    calls = (
        node
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "later"
    )
    return {TaskName[call.args[0].attr] for call in calls}


def test_every_task_that_services_ask_for_is_tried_here():
    assert names_asked() == set(ACTS)


def test_what_a_broker_lost_is_taken_up_again():
    """By a task of the schedule, or by a person in words written beside it."""
    assert set(RESUMED_BY) | set(ASKED_AGAIN) == names_asked()
    assert set(RESUMED_BY) & set(ASKED_AGAIN) == set()
    assert {str(name) for name in RESUMED_BY.values()} <= set(BEAT_SCHEDULE)
