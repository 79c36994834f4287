"""A training place in a test's database; its settings are only on where a test asks for it."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from cep_portal.training.gateways import clock as place_clock
from cep_portal.training.models import TrainingPlace

OPENED = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)  # a Friday, 10:30 in Paris


@pytest.fixture
def place(db) -> TrainingPlace:
    return TrainingPlace.objects.create(opened_at=OPENED)


@pytest.fixture
def training(settings, monkeypatch, clock):
    """The settings of the place, and a machine whose own clock says NOW."""
    settings.PORTAL_TRAINING = True
    settings.ROOT_URLCONF = "cep_portal.training.urls.root"
    clock.move_to(NOW)
    monkeypatch.setattr(timezone, "now", place_clock.now)
    place_clock.follow(place_clock.STANDING)
    yield settings
    place_clock.follow(None)
