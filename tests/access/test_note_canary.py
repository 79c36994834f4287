"""What is said in a session is read by nobody else: every page, file and API answer is searched for it.

One word is sealed in a note, another written in the plan, the summary, a file's name and a reason to open.
"""

import io
import logging
import zipfile

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from cep_portal.common.access import PUBLIC, TOKEN
from operators.casework.desk.services import give_reason
from operators.casework.pathways.models import Pathway
from operators.network.models import Adviser
from tests.access.matrix import MATRIX
from tests.access.test_matrix import path_of
from tests.access.world import build_both
from tests.beneficiaries.rights.people import found_in_base
from tests.factories.attachments import clean_attachment
from tests.factories.notes import NoteFactory
from tests.factories.operators import AdviserFactory, ApiClientFactory
from tests.factories.plans import ActionFactory, ActionMoveFactory, ObjectiveFactory
from tests.factories.summaries import SummaryFactory
from tests.operators.exchange.software.conftest import signed_api

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
SEALED, WRITTEN = "canari-jaune-7431", "canari-vert-2918"
# Nobody else reads what was said: not who books, who manages, who accompanies, who steers the market.
OTHERS = [role for role in Role if role not in {Role.ADVISER, Role.BENEFICIARY}]


@pytest.fixture(scope="module")
def sides(django_db_setup, django_db_blocker, tmp_path_factory):
    from django.test import override_settings

    folder = override_settings(PORTAL_DATA_DIR=str(tmp_path_factory.mktemp("canary")))
    with folder, django_db_blocker.unblock(), transaction.atomic():
        here, there = build_both()
        adviser = Adviser.objects.get(user=here.people[Role.ADVISER])
        for pathway in Pathway.objects.filter(adviser=adviser).order_by("pk"):
            say(pathway)
        yield here, there
        transaction.set_rollback(True)


def say(pathway) -> None:
    """The same words wherever an adviser or the person may write some."""
    NoteFactory(pathway=pathway, text=SEALED)
    plan = getattr(pathway, "action_plan", None)
    objective = ObjectiveFactory(**({"plan": plan} if plan else {"plan__pathway": pathway}), title=WRITTEN)
    action = ActionFactory(objective=objective, title=WRITTEN, help_text=WRITTEN)
    ActionMoveFactory(action=action, kind="COMMENTED", comment=WRITTEN)
    SummaryFactory(pathway=pathway, version=9, situation=WRITTEN, project=WRITTEN)
    clean_attachment(pathway=pathway, file_name=f"{WRITTEN}.pdf")
    colleague = AdviserFactory(site=pathway.adviser.site)
    give_reason(pathway=pathway, kind="OTHER", text=WRITTEN, by=colleague.user, now=timezone.now())


def read(answer) -> str:
    """All that an answer gives: a page, the text of a PDF, the files of an archive or a workbook."""
    content = answer.getvalue()
    if content.startswith(b"%PDF") and content.rstrip().endswith(b"%%EOF"):  # factories keep stumps
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    return content.decode(errors="replace") + str(answer.headers)


def told(client, side, names) -> list[str]:
    """The pages that give one of the words to whoever the client is."""
    given = []
    for name in names:
        text = read(client.get(path_of(side, name)))
        given += [f"{name}: {word}" for word in (SEALED, WRITTEN) if word in text]
    return given


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", OTHERS)
def test_no_page_tells_another_role_what_was_said(sides, role):
    here, _ = sides

    assert told(signed_in(here.people[role]), here, sorted(MATRIX)) == []


def test_no_page_tells_the_adviser_of_another_operator(sides):
    here, there = sides

    assert told(signed_in(there.people[Role.ADVISER]), here, sorted(MATRIX)) == []


def test_no_page_tells_another_person(sides):
    here, there = sides

    assert told(signed_in(there.people[Role.BENEFICIARY]), here, sorted(MATRIX)) == []


def test_no_public_page_tells_anybody(sides):
    here, _ = sides

    assert told(Client(), here, [name for name in sorted(MATRIX) if MATRIX[name] == PUBLIC]) == []


@pytest.mark.parametrize("mine", [True, False])
def test_no_software_is_told_even_its_own_operator_s(sides, mine):
    here, there = sides
    side = here if mine else there
    holder = Adviser.objects.get(user=side.people[Role.ADVISER]).site.contract.holder
    api = signed_api(ApiClientFactory(organisation=holder))

    assert told(api, here, [name for name in sorted(MATRIX) if MATRIX[name] == TOKEN]) == []


@pytest.mark.parametrize("role", [Role.INTAKE_OFFICER, Role.ADVISER])
@pytest.mark.parametrize("word", [SEALED, WRITTEN])
def test_no_search_finds_a_person_by_what_was_said(sides, role, word):
    here, _ = sides
    people = {pathway.beneficiary.full_name for pathway in Pathway.objects.select_related("beneficiary")}
    client = signed_in(here.people[role])

    answers = [
        client.post(path, {"recherche": word}, follow=True).text
        for path in ("/bureau/personnes/", "/bureau/parcours/", "/bureau/seances/imprevue/")
    ]

    assert [name for name in people for text in answers if name in text.split("<main", 1)[-1]] == []


def test_a_colleague_is_told_nothing_before_the_reason(sides):
    """Inside the operator too: until the question is answered, no page gives a word."""
    here, _ = sides
    site = Adviser.objects.get(user=here.people[Role.ADVISER]).site

    assert told(signed_in(AdviserFactory(site=site).user), here, sorted(MATRIX)) == []


def test_the_canary_sings_for_who_follows(sides):
    """The walk would see the words: they are there for the adviser, and for the person what is theirs."""
    here, _ = sides
    names = [name for name in sorted(MATRIX) if name in here.kwargs or name == "operators:today"]

    adviser = told(signed_in(here.people[Role.ADVISER]), here, names)

    assert f"operators:note_list: {SEALED}" in adviser
    assert {f"operators:{page}: {WRITTEN}" for page in ("plan", "summary", "attachment_list")} <= set(adviser)


def test_no_log_no_journal_and_no_table_holds_the_sealed_word(sides, caplog):
    here, _ = sides
    caplog.set_level(logging.DEBUG)
    names = [name for name in sorted(MATRIX) if name in here.kwargs]

    told(signed_in(here.people[Role.ADVISER]), here, names)

    assert [word for word in (SEALED, WRITTEN) if word in caplog.text] == []
    assert [line.pk for line in AuditEvent.objects.all() if WRITTEN in f"{line.data}{line.action}"] == []
    assert found_in_base(SEALED, SEALED.encode().hex()) == []
