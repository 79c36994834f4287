"""The situations of the demonstration, on pathways that a test lays."""

from datetime import UTC, datetime

import pytest

from cep_portal.demo.dataset.situations import build_situations
from operators.casework.situations.models import PathwaySituation, Rectification
from tests.factories.operators import AdviserFactory, PathwayFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_situations_change_are_corrected_and_one_is_asked():
    adviser = AdviserFactory(user__email="conseil@operateurs.example")
    PathwayFactory.create_batch(9, adviser=adviser)
    PathwayFactory()

    build_situations(now=NOW)

    situations = PathwaySituation.objects
    assert situations.filter(replaced_at__isnull=False).count() == 1
    assert situations.present().values("pathway").distinct().count() == 9
    assert situations.present().count() == 12
    assert Rectification.objects.count() == 1
