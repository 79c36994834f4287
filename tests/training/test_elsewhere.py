"""A real portal has neither page, clock nor table of the place; the place starts with nothing borrowed."""

import pytest

from tests.house.test_deployment import PRODUCTION, manage

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
SHOWN = (
    "from django.apps import apps; from django.conf import settings as s; from django.utils import timezone;"
    "from django.urls import resolve, Resolver404\n"
    "try: page = resolve('/entrainement/').view_name\n"
    "except Resolver404: page = 404\n"
    "print(page, timezone.now.__module__, apps.is_installed('cep_portal.training'), s.PORTAL_TRAINING)"
)
TRAINING = {"DJANGO_SETTINGS_MODULE": "cep_portal.settings.training"}


def shown(**changed) -> str:
    done = manage("shell", "--no-imports", "-c", SHOWN, **changed)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_production_has_nothing_of_the_place():
    assert shown() == "404 django.utils.timezone False False"


def test_no_variable_opens_the_place_in_production():
    assert shown(PORTAL_TRAINING="1", PORTAL_DEMONSTRATION="1").startswith("404 ")


def test_the_place_has_its_page_and_its_clock():
    assert shown(**TRAINING) == "training:place cep_portal.training.gateways.clock True True"


def test_production_refuses_the_commands_of_the_place():
    assert "Unknown command: 'reset_training'" in manage("reset_training").stderr


def test_the_place_refuses_a_database_that_has_no_mark():
    done = manage("reset_training", **TRAINING)

    assert "Cette base n’est pas un lieu d’entraînement" in done.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "BROKER_URL", "CACHE_URL", "DATA_DIR"])
def test_the_place_borrows_nothing(name):
    done = manage("check", without=f"PORTAL_{name}", **TRAINING)

    assert f"The environment variable PORTAL_{name} is missing" in done.stderr


def test_nothing_leaves_whatever_the_mail_server_given():
    carriers = (
        "from django.conf import settings as s;"
        " print(s.MAILERS['default']['BACKEND'], s.PORTAL_SMS['PROVIDER'],"
        " s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE)"
    )

    done = manage(
        "shell", "--no-imports", "-c", carriers, PORTAL_SMS_URL="https://sms.example/v1", **TRAINING
    )

    assert done.stdout.strip() == (
        "django.core.mail.backends.filebased.EmailBackend"
        " cep_portal.messaging.gateways.sms.FileProvider True True"
    )
    assert PRODUCTION["PORTAL_BASE_URL"].startswith("https://")
