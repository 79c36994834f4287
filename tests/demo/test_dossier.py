"""The notes and files of the demonstration, on pathways that a test lays."""

import pytest
from django.utils import timezone

from cep_portal.demo.dataset.dossier import build_dossiers
from operators.casework.attachments.models import Attachment
from operators.casework.notes.models import Note, NoteRequest
from tests.factories.operators import AdviserFactory, CounsellingSessionFactory, PathwayFactory

pytestmark = pytest.mark.django_db


def test_notes_and_files_are_laid_on_the_named_adviser_s_pathways(settings, tmp_path):
    settings.PORTAL_DATA_DIR = str(tmp_path)
    adviser = AdviserFactory(user__email="conseil@operateurs.example")
    for _ in range(5):
        CounsellingSessionFactory(pathway=PathwayFactory(adviser=adviser))

    build_dossiers(now=timezone.now())

    assert (Note.objects.count(), Note.objects.filter(version=2).count()) == (6, 1)
    assert (Attachment.objects.count(), NoteRequest.objects.count()) == (4, 1)
