"""Tests: PostgreSQL of the run, mails in memory, fast hasher, every strictness on."""

import os
import tempfile

from cep_portal.settings.base import *  # noqa: F403
from cep_portal.settings.base import INSTALLED_APPS, database

INSTALLED_APPS = [
    "cep_portal.training",  # its tables and commands; its settings stay off
    "django_linear_migrations",
    *INSTALLED_APPS,
]
SECRET_KEY = "test-" + "0" * 60
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DATABASES = {"default": database(os.environ.get("PORTAL_DATABASE_URL", "postgres:///portal"), serving=False)}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
DEFAULT_FROM_EMAIL = "Mon rendez-vous <ne-pas-repondre@mon-cep.example>"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CELERY_BROKER_URL = "memory://"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
ACCOUNT_RATE_LIMITS = False
PORTAL_THROTTLE = False
PORTAL_TYPOGRAPHY = (
    False  # a sentence is compared as it was written: tests/common/test_typography.py has it on
)

PORTAL_NOTE_KEYS = "dGVzdC1vbmx5LW5vdGUta2V5LTAxMjM0NTY3ODlhYmM="
PORTAL_BASE_URL = "http://testserver"
PORTAL_DATA_DIR = tempfile.mkdtemp(prefix="portal-test-")
MEDIA_ROOT = PORTAL_DATA_DIR
PORTAL_SMS = {
    "PROVIDER": "cep_portal.messaging.gateways.sms.FileProvider",
    "OPTIONS": {"folder": f"{PORTAL_DATA_DIR}/sms"},
}
STATIC_ROOT = tempfile.mkdtemp(prefix="portal-static-")
PORTAL_DEMONSTRATION = True
PORTAL_SECOND_FACTOR_REQUIRED = False
COMPONENTS_PAGE = True
PORTAL_SECURITY_CONTACT = "mailto:securite@exemple.example"
PORTAL_VIDEO_URL = "https://visio.exemple.example/{room}"
