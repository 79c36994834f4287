"""Production settings load, pass Django's deployment check, and refuse to start when a value is missing."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
# Values of no server: nothing is contacted but the test's own database.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "cep_portal.settings.prod",
    "PORTAL_SECRET_KEY": "check-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOP",
    "PORTAL_NOTE_KEYS": "dGVzdC1vbmx5LW5vdGUta2V5LTAxMjM0NTY3ODlhYmM=",
    "PORTAL_ALLOWED_HOSTS": "portal.example",
    "PORTAL_BROKER_URL": "redis+socket:///nonexistent/broker",
    "PORTAL_CACHE_URL": "unix:///nonexistent/cache?db=1",
    "PORTAL_BASE_URL": "https://portal.example",
    "PORTAL_DATA_DIR": "/nonexistent",
    "PORTAL_EMAIL_HOST": "mail.example",
    "PORTAL_FROM_EMAIL": "no-reply@portal.example",
}


def manage(*arguments: str, without: str = "", **changed: str) -> subprocess.CompletedProcess:
    name = connection.settings_dict["NAME"]
    url = os.environ["PORTAL_DATABASE_URL"].replace("/portal?", f"/{name}?")
    inherited = {
        key: value for key, value in os.environ.items() if not key.startswith(("PORTAL_", "DJANGO_"))
    }
    environment = inherited | PRODUCTION | {"PORTAL_DATABASE_URL": url} | changed
    environment.pop(without, None)
    command = [sys.executable, "-W", "ignore::RuntimeWarning", "manage.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.slow
@pytest.mark.django_db
def test_deployment_check_is_clean():
    done = manage("check", "--deploy", "--fail-level", "WARNING")

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted({*PRODUCTION, "PORTAL_DATABASE_URL"} - {"DJANGO_SETTINGS_MODULE"}))
def test_start_fails_when_a_value_is_missing(name):
    done = manage("check", without=name)

    assert done.returncode != 0
    assert f"The environment variable {name} is missing." in done.stderr


@pytest.mark.slow
@pytest.mark.django_db
def test_weak_secret_key_is_refused():
    done = manage("check", PORTAL_SECRET_KEY="x" * 60)

    assert "PORTAL_SECRET_KEY is too weak" in done.stderr


@pytest.mark.slow
@pytest.mark.django_db
def test_weak_note_key_is_refused():
    done = manage("check", PORTAL_NOTE_KEYS="eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=")

    assert "PORTAL_NOTE_KEYS cannot be used: a key is too weak" in done.stderr


@pytest.mark.slow
@pytest.mark.django_db
def test_providers_of_mail_and_sms_replace_the_mail_server():
    carriers = {
        "PORTAL_EMAIL_PROVIDER": "brevo",
        "PORTAL_EMAIL_OPTIONS": '{"api_key": "check-only"}',
        "PORTAL_EMAIL_EVENTS": "anymail.webhooks.brevo.BrevoTrackingWebhookView",
        "PORTAL_EMAIL_EVENTS_SECRET": "name:check-only",
        "PORTAL_SMS_URL": "https://sms.example/v1",
        "PORTAL_SMS_TOKEN": "check-only",
        "PORTAL_SMS_SENDER": "RDV",
        "PORTAL_SMS_SECRET": "check-only",
    }
    shown = (
        "from django.conf import settings as s; from django.core.mail import mailers;"
        "from cep_portal.messaging.gateways import sms;"
        "print(type(mailers['default']).__module__, sms.provider().name, s.PORTAL_DELIVERY_SECRETS)"
    )

    done = manage("shell", "--no-imports", "-c", shown, without="PORTAL_EMAIL_HOST", **carriers)

    assert (done.stdout.strip(), done.returncode) == (
        "anymail.backends.brevo sms {'sms': 'check-only'}",
        0,
    ), done.stderr


READ = re.compile(r"""(?:environ(?:\.get\(|\[)|required\()["'](PORTAL_\w+)""")
INSIDE = {  # the image's own, the web service's own, or never set on servers
    "PORTAL_DEMONSTRATION",
    "PORTAL_SERVING",
    "PORTAL_STATIC_ROOT",
    "PORTAL_THROTTLE",
}


def test_compose_passes_every_variable_that_the_settings_read():
    folder = ROOT / "cep_portal" / "settings"
    read = {
        name
        for file in ("base", "https", "prod")
        for name in READ.findall((folder / f"{file}.py").read_text())
    }
    passed = set(re.findall(r"^  (PORTAL_\w+):", (ROOT / "docker-compose.yml").read_text(), re.MULTILINE))

    assert read - passed == INSIDE
    assert passed - read == set()
