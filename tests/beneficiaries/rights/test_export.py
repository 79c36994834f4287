"""The copy of one's data: complete, for the person alone, withdrawn after two days (RGPD, 15 and 20)."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist

from beneficiaries.rights import services
from beneficiaries.rights.enums import ExportState
from beneficiaries.rights.models import DataExport
from cep_portal.common import personal_data
from cep_portal.documents.services import file_exists, read_document
from cep_portal.messaging.models import Message
from tests.beneficiaries.rights.people import CANARIES, NOW, somebody
from tests.messages import composed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.PORTAL_DATA_DIR = str(tmp_path)


def built(person):
    export = services.ask_export(beneficiary=person.row, now=NOW, by=person.user)
    return services.build_export(export_id=export.pk, now=NOW)


def opened(export) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(read_document(export.document)))


def parts(export) -> dict:
    facts = json.loads(opened(export).read("donnees.json"))
    return {fact["title"]: fact["rows"] for fact in facts["parties"]}


def test_archive_holds_what_each_app_keeps():
    person = somebody(coming=NOW + timedelta(days=7))

    found = parts(built(person))

    assert found["Votre identité"][0]["prénom"] == CANARIES[0]
    assert found["Vos demandes"][0]["référence"] == person.request.reference
    assert found["Vos demandes"][0]["besoins d’accès"] != ["STEP_FREE"]  # in words
    assert len(found["Vos rendez-vous"]) == 2
    assert len(found["Vos séances"]) == 1
    assert CANARIES[0] in found["Messages qui vous ont été écrits"][0]["texte"]
    assert found["Qui a ouvert votre dossier"][0]["rôle"] == "conseiller"
    assert found["Vos préférences de contact"][0]["par SMS"] is True


def test_every_personal_column_with_rows_is_in_the_archive():
    person = somebody(coming=NOW + timedelta(days=7))
    found = parts(built(person))

    missing = []
    for person_manifest in personal_data.declarations():
        if person_manifest.rows is None or not found[person_manifest.title]:
            continue
        labels = set(found[person_manifest.title][0])
        wanted = {
            str(person_manifest.model._meta.get_field(name).verbose_name)
            for name in (*person_manifest.personal, *person_manifest.sensitive)
        }
        missing += sorted(wanted - labels)

    assert missing == []


def test_archive_is_readable_without_any_request_and_carries_the_documents():
    archive = opened(built(somebody()))

    page = archive.read("mes-donnees.html").decode()
    assert CANARIES[0] in page
    assert re.findall(r"(?:src|href)=\"(?!#)|<script|@import|url\(", page) == []
    assert [name for name in archive.namelist() if name.startswith("documents/attestation-")] != []


def test_texts_of_the_person_are_inert_in_the_page():
    person = somebody()
    person.row.first_name = "<script>alert(1)</script>"
    person.row.save()

    page = opened(built(person)).read("mes-donnees.html").decode()

    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_copy_under_way_is_not_made_twice():
    person = somebody()

    first = services.ask_export(beneficiary=person.row, now=NOW, by=person.user)
    second = services.ask_export(beneficiary=person.row, now=NOW, by=person.user)

    assert first == second


def test_no_copy_is_made_of_a_person_erased_meanwhile():
    person = somebody()
    export = services.ask_export(beneficiary=person.row, now=NOW, by=person.user)
    services.erase_person(beneficiary=person.row, now=NOW, by=person.user)

    assert services.build_export(export_id=export.pk, now=NOW).document is None


def test_progress_and_states(django_capture_on_commit_callbacks):
    person = somebody()
    export = services.ask_export(beneficiary=person.row, now=NOW, by=person.user)
    states = [export.state(now=NOW), export.state(now=NOW + timedelta(minutes=11))]

    export = services.build_export(export_id=export.pk, now=NOW)
    export.refresh_from_db()
    states += [export.state(now=NOW), export.state(now=NOW + timedelta(days=2))]

    assert states == [ExportState.RUNNING, ExportState.FAILED, ExportState.READY, ExportState.OVER]
    assert export.percent == 100


def test_ready_message_tells_nothing_and_leads_to_the_sign_in():
    export = built(somebody())

    message = composed(Message.objects.get(key=f"export:{export.uuid}"))
    assert message.subject == "Votre copie est prête"
    assert not re.search("CEP|conseil|Zéphyrine", message.body)


def test_file_is_destroyed_after_two_days(django_capture_on_commit_callbacks):
    export = built(somebody())
    later = NOW + timedelta(days=2)

    with django_capture_on_commit_callbacks(execute=True):
        counts = [services.withdraw_exports(now=moment) for moment in (NOW, later, later)]

    assert counts == [0, 1, 0]
    assert not file_exists(export.document)


def test_pages_of_a_copy_from_asking_to_downloading(client, django_capture_on_commit_callbacks):
    person = somebody()
    client.force_login(person.user)

    with django_capture_on_commit_callbacks(execute=True):
        asked = client.post("/mon-espace/donnees/copie/")
    page = client.get(asked["Location"])
    file = client.get(f"{asked['Location']}telecharger/")

    assert "Télécharger (ZIP)" in page.text
    assert zipfile.ZipFile(io.BytesIO(file.content)).testzip() is None
    assert "no-store" in file["Cache-Control"]


def test_a_withdrawn_copy_is_not_given(client):
    person = somebody()
    export = built(person)
    DataExport.objects.update(withdrawn_at=NOW)
    client.force_login(person.user)

    response = client.get(f"/mon-espace/donnees/copie/{export.uuid}/telecharger/", follow=True)

    assert "Cette copie a été retirée" in response.text


def test_a_failure_is_kept_and_raised(monkeypatch):
    person = somebody()
    export = services.ask_export(beneficiary=person.row, now=NOW, by=person.user)

    def broken(_subject):
        raise ObjectDoesNotExist

    [first, *_] = personal_data.declarations()
    monkeypatch.setitem(personal_data._declared, first.model, type(first)(**{**vars(first), "rows": broken}))
    with pytest.raises(ObjectDoesNotExist):
        services.build_export(export_id=export.pk, now=NOW)

    export.refresh_from_db()
    assert export.state(now=NOW) == ExportState.FAILED
