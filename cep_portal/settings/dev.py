"""The demonstration and a developer's machine: embedded servers, fictional people, no second factor."""

import os
from importlib.util import find_spec

from cep_portal.schedule import BEAT_SCHEDULE, DEMONSTRATION_SCHEDULE
from cep_portal.settings.base import *  # noqa: F403
from cep_portal.settings.base import INSTALLED_APPS, ROOT, SERVING, database

if find_spec("django_linear_migrations"):  # with a developer's packages only: makemigrations keeps one line
    INSTALLED_APPS = ["django_linear_migrations", *INSTALLED_APPS]
DEBUG = os.environ.get("PORTAL_DEBUG") == "1"
SECRET_KEY = os.environ.get("PORTAL_SECRET_KEY", "demonstration-only-" + "x" * 40)
ALLOWED_HOSTS = os.environ.get("PORTAL_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
DATABASES = {
    "default": database(
        os.environ.get("PORTAL_DATABASE_URL", "postgres:///portal"),
        serving=SERVING,
    )
}
CELERY_BROKER_URL = os.environ.get("PORTAL_BROKER_URL", "redis:///0")
if cache_url := os.environ.get("PORTAL_CACHE_URL"):
    CACHES = {
        "default": {
            "BACKEND": "cep_portal.common.standing_cache.StandingCache",
            "LOCATION": cache_url,
        }
    }

# bin/demo makes its own in the data folder; this one seals what a developer types on a scratch database.
PORTAL_NOTE_KEYS = os.environ.get("PORTAL_NOTE_KEYS", "ZGV2ZWxvcG1lbnQtb25seTogbm90ZSBrZXksIDAxMjM=")
PORTAL_BASE_URL = os.environ.get("PORTAL_BASE_URL", "http://localhost:8000")
PORTAL_DATA_DIR = os.environ.get("PORTAL_DATA_DIR", str(ROOT / ".demo" / "files"))
MEDIA_ROOT = PORTAL_DATA_DIR
PORTAL_SMS = {
    "PROVIDER": "cep_portal.messaging.gateways.sms.FileProvider",
    "OPTIONS": {"folder": f"{PORTAL_DATA_DIR}/sms"},
}
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "OPTIONS": {"file_path": f"{PORTAL_DATA_DIR}/mails"},
    }
}
DEFAULT_FROM_EMAIL = "Mon rendez-vous <ne-pas-repondre@mon-cep.example>"

PORTAL_DEMONSTRATION = os.environ.get("PORTAL_DEMONSTRATION", "1") == "1"
if PORTAL_DEMONSTRATION:
    CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE | DEMONSTRATION_SCHEDULE
PORTAL_SECOND_FACTOR_REQUIRED = False
COMPONENTS_PAGE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
