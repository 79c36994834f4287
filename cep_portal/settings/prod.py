"""Servers: everything from the environment, and a start that fails when something is missing."""

import json
import os

from django.core.exceptions import ImproperlyConfigured

from cep_portal.common.encryption import KeysInvalid, parse_keys
from cep_portal.schedule import BEAT_SCHEDULE, DEMONSTRATION_SCHEDULE
from cep_portal.settings.base import *  # noqa: F403
from cep_portal.settings.base import SERVING, database
from cep_portal.settings.https import *  # noqa: F403


def required(name: str) -> str:
    """The variable's value; ImproperlyConfigured, naming it, when unset or empty."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"The environment variable {name} is missing.")
    return value


SECRET_KEY = required("PORTAL_SECRET_KEY")
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5:
    raise ImproperlyConfigured("PORTAL_SECRET_KEY is too weak: 50 random characters at least.")
DEBUG = False
ALLOWED_HOSTS = required("PORTAL_ALLOWED_HOSTS").split(",")
DATABASES = {
    "default": database(
        required("PORTAL_DATABASE_URL"),
        serving=SERVING,
    )
}
CELERY_BROKER_URL = required("PORTAL_BROKER_URL")
CACHES = {
    "default": {
        "BACKEND": "cep_portal.common.standing_cache.StandingCache",
        "LOCATION": required("PORTAL_CACHE_URL"),
    }
}
PORTAL_NOTE_KEYS = required("PORTAL_NOTE_KEYS")  # newest first
try:
    parse_keys(PORTAL_NOTE_KEYS)
except KeysInvalid as refusal:
    raise ImproperlyConfigured(f"PORTAL_NOTE_KEYS cannot be used: {refusal}.") from refusal
PORTAL_BASE_URL = required("PORTAL_BASE_URL")
PORTAL_DATA_DIR = required("PORTAL_DATA_DIR")
MEDIA_ROOT = PORTAL_DATA_DIR
DEFAULT_FROM_EMAIL = required("PORTAL_FROM_EMAIL")
# A mail server, or a provider that django-anymail knows and that tells what became of each message.
if os.environ.get("PORTAL_EMAIL_PROVIDER"):
    MAILERS = {
        "default": {
            "BACKEND": f"anymail.backends.{required('PORTAL_EMAIL_PROVIDER')}.EmailBackend",
            "OPTIONS": json.loads(required("PORTAL_EMAIL_OPTIONS")),
        }
    }
    ANYMAIL = {"REQUESTS_TIMEOUT": 20}
    if os.environ.get("PORTAL_EMAIL_EVENTS"):
        PORTAL_EMAIL_EVENTS = required("PORTAL_EMAIL_EVENTS")
        ANYMAIL["WEBHOOK_SECRET"] = required("PORTAL_EMAIL_EVENTS_SECRET")
else:
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": required("PORTAL_EMAIL_HOST"),
                "port": int(os.environ.get("PORTAL_EMAIL_PORT", "587")),
                "username": os.environ.get("PORTAL_EMAIL_USER", ""),
                "password": os.environ.get("PORTAL_EMAIL_PASSWORD", ""),
                "use_tls": True,
                "timeout": 20,  # a message row stays locked while the server answers
            },
        }
    }
# Without an address the portal sends no SMS, and offers none.
if os.environ.get("PORTAL_SMS_URL"):
    PORTAL_SMS = {
        "PROVIDER": "cep_portal.messaging.gateways.sms.HttpProvider",
        "OPTIONS": {
            "name": os.environ.get("PORTAL_SMS_NAME", "sms"),
            "url": required("PORTAL_SMS_URL"),
            "token": required("PORTAL_SMS_TOKEN"),
            "sender": required("PORTAL_SMS_SENDER"),
        },
    }
    if os.environ.get("PORTAL_SMS_SECRET"):
        PORTAL_DELIVERY_SECRETS = {os.environ.get("PORTAL_SMS_NAME", "sms"): required("PORTAL_SMS_SECRET")}

PORTAL_DEMONSTRATION = os.environ.get("PORTAL_DEMONSTRATION") == "1"
if PORTAL_DEMONSTRATION:
    CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE | DEMONSTRATION_SCHEDULE
