"""The training place: the same code, an invented region, its own clock; nothing leaves (docs/adr/0038).

On one machine as the demonstration, or on a server: an https address turns the proxy's settings on.
"""

import os

from django.core.exceptions import ImproperlyConfigured

from cep_portal.schedule import BEAT_SCHEDULE, DEMONSTRATION_SCHEDULE
from cep_portal.settings.dev import *  # noqa: F403
from cep_portal.settings.dev import INSTALLED_APPS, MIDDLEWARE, PORTAL_BASE_URL

for _name in (
    "PORTAL_SECRET_KEY",
    "PORTAL_DATABASE_URL",
    "PORTAL_BROKER_URL",
    "PORTAL_CACHE_URL",
    "PORTAL_DATA_DIR",
):
    if not os.environ.get(_name):
        raise ImproperlyConfigured(f"The environment variable {_name} is missing: the place has its own.")

PORTAL_TRAINING = True
PORTAL_DEMONSTRATION = True  # its messages are read on a page, its documents say that they are worth nothing
DEBUG = False
COMPONENTS_PAGE = False
# Beside a demonstration on one machine: a browser keeps one cookie a host, whatever the port.
SESSION_COOKIE_NAME = "training-session"
CSRF_COOKIE_NAME = "training-csrf"
ROOT_URLCONF = "cep_portal.training.urls.root"
INSTALLED_APPS = ["cep_portal.training", *INSTALLED_APPS]
# Before the session, whose table is locked while the place is rebuilt; after what serves static files.
_session = MIDDLEWARE.index("django.contrib.sessions.middleware.SessionMiddleware")
MIDDLEWARE = [
    *MIDDLEWARE[:_session],
    "cep_portal.training.middleware.marks",
    "cep_portal.training.middleware.place",
    *MIDDLEWARE[_session:],
]
# PostgreSQL keeps the journal by its own clock, which nobody moves: here it stays until the reset.
# The days that pass are lived as in a demonstration: requests come, colleagues receive and log, so that
# each month has something to find. The agenda of who learns is left to them for some days.
CELERY_BEAT_SCHEDULE = DEMONSTRATION_SCHEDULE | {
    name: entry for name, entry in BEAT_SCHEDULE.items() if name != "accounts.forget_journal"
}
if PORTAL_BASE_URL.startswith("https://"):
    from cep_portal.settings.https import *  # noqa: F403
