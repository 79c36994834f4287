"""The demonstration's settings, with the floors' URLs beside the portal's."""

from cep_portal.settings.dev import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.urls"
ALLOWED_HOSTS = ["*"]
ACCOUNT_RATE_LIMITS = False
PORTAL_THROTTLE = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOGGING = {"version": 1, "disable_existing_loggers": True}
