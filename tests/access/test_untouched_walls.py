"""The last wall is the database: raw SQL inserts no row for an erased or a frozen person (ADR 0053)."""

import pytest
from django.db import IntegrityError, connection, transaction

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services.nobody import make_nobody
from cep_portal.accounts.enums import Role
from operators.casework.desk.services import give_reason
from operators.casework.pathways.enums import CorrectionChannel, CorrectionReason
from operators.casework.pathways.models import SessionCorrection
from operators.casework.plans.models import Action
from operators.casework.summaries.models import SummaryAnswer
from operators.reception.calls.models import RequestHandling
from tests.access.person_services import paths_to_person
from tests.access.world import build_both
from tests.clock import present
from tests.factories.attachments import AttachmentFactory
from tests.factories.beneficiaries import ServiceRequestFactory, freeze
from tests.factories.demand import EarlierAlertFactory
from tests.factories.handovers import HandoverFactory
from tests.factories.operators import AdviserFactory, CounsellingSessionFactory, PathwayFactory
from tests.factories.plans import ActionFactory, ActionMoveFactory
from tests.factories.summaries import SummaryFactory

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

# Without a wall of their own: rights over a frozen file, proofs by somebody else, or rows that follow others.
NO_WALL = {
    "beneficiaries_contactcode": "deleted after a day",
    "beneficiaries_contactpreferences": "a right over a frozen file",
    "beneficiaries_complaint": "a right over a frozen file",
    "beneficiaries_complaintcontest": "of a complaint: a right over a frozen file",
    "beneficiaries_dataexport": "a right over a frozen file",
    "beneficiaries_personcode": "a right over a frozen file",
    "operators_assistedbooking": "follows an appointment",
    "operators_partnerbooking": "follows an appointment",
    "operators_replacement": "follows an appointment",
    "operators_callback": "of a request, by whoever has the reference",
    "operators_calltry": "follows a call-back",
    "operators_duplicatepair": "two numbers and a score",
    "operators_personmerge": "refused by the merge itself",
    "operators_movedrows": "follows a merge",
    "operators_summaryreading": "the links are closed",
    "operators_transferappointment": "follows a transfer",
    "operators_withheldnote": "follows a request that has its wall",
}


BORN = {"operators_attachment": {"state": "HELD"}, "operators_transfer": {"state": "PREPARED"}}


def walls() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE tgname LIKE 'pgtrigger_file_open_%'"
        )
        return {table for (table,) in cursor.fetchall()}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    from django.test import override_settings

    folder = override_settings(PORTAL_DATA_DIR=str(tmp_path_factory.mktemp("walls")))
    with folder, django_db_blocker.unblock(), transaction.atomic():
        here, _ = build_both()
        person = here.people[Role.BENEFICIARY].beneficiary
        HandoverFactory()
        RequestHandling.objects.create(service_request=ServiceRequestFactory(beneficiary=person))
        SessionCorrection.objects.create(
            session=CounsellingSessionFactory(),
            former={"level": "ONE"},
            reason=CorrectionReason.values[0],
            corrected_at=present(),
            channel=CorrectionChannel.values[0],
        )
        EarlierAlertFactory()
        AttachmentFactory()  # held, as the database wants a new one
        answered = SummaryFactory(proposed=True)
        SummaryAnswer.objects.create(
            summary=answered, revision=1, answer="CORRECTION", words="Non.", at=answered.proposed_at
        )
        pathway = PathwayFactory()
        give_reason(pathway=pathway, kind="OTHER", text="Relais", by=AdviserFactory().user, now=present())
        ActionMoveFactory(action=Action.objects.filter(objective__plan__pathway__beneficiary=person).first())
        yield here
        transaction.set_rollback(True)


@pytest.fixture
def alone(world):
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def copy_row(table: str, path: str) -> str:
    """Insert a row once more, as it is; the constraint that refuses it."""
    model = next(model for model in paths_to_person() if model._meta.db_table == table)
    rows = model._default_manager.filter(**BORN.get(table, {})).exclude(**{path: None})
    row = rows.order_by("pk").first()
    assert row is not None, f"no row in {table}"
    columns = [
        column.column for column in model._meta.concrete_fields if not getattr(column, "generated", False)
    ]
    listed = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor, pytest.raises(IntegrityError) as refusal, transaction.atomic():
        cursor.execute(
            f'INSERT INTO "{table}" ({listed}) SELECT {listed} FROM "{table}" WHERE id = %s', [row.pk]
        )
    return refusal.value.__cause__.diag.constraint_name


PATHS = {model._meta.db_table: path for model, path in paths_to_person().items() if path}


@pytest.mark.parametrize("state", ["frozen", "erased"])
@pytest.mark.parametrize("table", sorted(PATHS.keys() - NO_WALL.keys()))
def test_a_row_is_never_copied_for_an_erased_or_a_frozen_person(alone, table, state):
    opened = copy_row(table, PATHS[table])
    if state == "frozen":
        Beneficiary.objects.update(restricted_at=present())
    else:
        for key in Beneficiary.objects.values_list("pk", flat=True):
            make_nobody(key, present())

    assert (opened != "file_untouched", copy_row(table, PATHS[table])) == (True, "file_untouched")


def test_each_table_of_a_person_has_a_wall_or_a_reason():
    assert walls() == PATHS.keys() - NO_WALL.keys()


@pytest.mark.parametrize(
    ("factory", "column"),
    [(ActionFactory, "title"), (ActionFactory, "help_text"), (SummaryFactory, "project")],
)
def test_the_words_of_an_erased_person_are_only_emptied(factory, column):
    row = factory()
    pathway = row.objective.plan.pathway if factory is ActionFactory else row.pathway
    make_nobody(pathway.beneficiary_id, present())
    table = type(row)._meta.db_table

    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{table}" SET {column} = %s WHERE id = %s', ["Effacé", row.pk])
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            cursor.execute(
                f'UPDATE "{table}" SET {column} = %s WHERE id = %s', ["Zoé 06 39 98 55 44", row.pk]
            )

    assert refusal.value.__cause__.diag.constraint_name == "file_untouched"


def test_the_words_of_a_frozen_person_may_still_be_emptied_by_an_erasure():
    action = ActionFactory()
    freeze(action.objective.plan.pathway.beneficiary, present())

    Action.objects.filter(pk=action.pk).update(title="Effacé")

    assert Action.objects.get(pk=action.pk).title == "Effacé"
