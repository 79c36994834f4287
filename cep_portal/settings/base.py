"""What every environment shares. dev, test and prod add only what differs."""

import os
from pathlib import Path

from django.utils.csp import CSP
from psycopg.conninfo import conninfo_to_dict

from cep_portal.schedule import BEAT_SCHEDULE

ROOT = Path(__file__).resolve().parent.parent.parent


def database(url: str, *, serving: bool) -> dict:
    """Django's database entry for a libpq URL; unknown parameters go to libpq as they are.

    `serving`: of a web process, whose few threads keep one connection each and never wait for long.
    """
    parts = conninfo_to_dict(url)
    names = {
        "dbname": "NAME",
        "user": "USER",
        "password": "PASSWORD",
        "host": "HOST",
        "port": "PORT",
    }
    entry: dict = {names[key]: value for key, value in parts.items() if key in names}
    # Measured: with the check, no request fails when PostgreSQL is killed and comes back.
    entry["CONN_HEALTH_CHECKS"] = True
    options: dict = {key: value for key, value in parts.items() if key not in names}
    # The planner's guess for unfolded openings would compile for 100 ms a query that takes a few.
    server_options = "-c jit=off"
    engine = "django.db.backends.postgresql"
    if serving:
        engine = "cep_portal.database"
        entry["CONN_MAX_AGE"] = None
        # A row that a delivery holds, a query gone wrong: the page says so, the thread serves others.
        server_options += " -c lock_timeout=8s -c statement_timeout=30s"
        server_options += " -c idle_in_transaction_session_timeout=60s"
    options.setdefault("options", server_options)
    # Of the few statements sent by cep_portal.common.compiled alone: Django binds its own in the client.
    options.setdefault("prepare_threshold", 5)
    # A host that vanishes without a word is given up in half a minute; the worker waits for it no longer.
    lost = {"connect_timeout": 3, "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3}
    return {"ENGINE": engine, "OPTIONS": lost | {"tcp_user_timeout": 30_000} | options, **entry}


# Of a web process, as bin/demo, the compose file and the tests of the real server start it.
SERVING = os.environ.get("PORTAL_SERVING") == "1"

INSTALLED_APPS = [
    "reporting",
    "operators",
    "beneficiaries",
    "procurement",
    "cep_portal.demo",
    "cep_portal.messaging",
    "cep_portal.documents",
    "cep_portal.territories",
    "cep_portal.accounts",
    "cep_portal.common",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "pgtrigger",
    "rest_framework",  # for the French of its refusals; last, so that nobody else's words give way
]

MIDDLEWARE = [
    "cep_portal.common.references.reference_middleware",
    "cep_portal.common.middleware.api_problems",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "cep_portal.common.middleware.security_headers",
    "cep_portal.common.middleware.no_break_spaces",
    "cep_portal.common.middleware.refused_body",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cep_portal.common.middleware.AddedSlash",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cep_portal.accounts.middleware.Drafts",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "cep_portal.accounts.middleware.mandate",
    "cep_portal.accounts.middleware.second_factor",
    "cep_portal.accounts.middleware.browser_session",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "beneficiaries.space.middleware.ClosedFile",
    "allauth.account.middleware.AccountMiddleware",
    "cep_portal.common.middleware.no_nul",
    "cep_portal.common.middleware.Detours",
]

ROOT_URLCONF = "cep_portal.urls"
WSGI_APPLICATION = "cep_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "cep_portal.common.templatetags.ui",
                "cep_portal.common.templatetags.charts",
                "cep_portal.common.templatetags.french",
                "cep_portal.common.templatetags.keyed_forms",
                "django.templatetags.static",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cep_portal.accounts.context_processors.shell",
            ],
        },
    }
]
FORM_RENDERER = "cep_portal.common.form_errors.PortalRenderer"

AUTH_USER_MODEL = "accounts.User"
# An address opens one account, by a constraint; a personal space opened by a mobile has none (docs/adr/0054).
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = Path(os.environ.get("PORTAL_STATIC_ROOT", ROOT / ".static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # a person without account leaves nothing on a shared computer
CSRF_FAILURE_VIEW = "cep_portal.common.refusals.csrf_failure"

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "cep_portal.common.password_rules.LongPassword",
        "OPTIONS": {"min_length": 14},
    },
    {"NAME": "cep_portal.common.password_rules.UnlikePerson"},
    {"NAME": "cep_portal.common.password_rules.UncommonPassword"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "beneficiaries:home"
ACCOUNT_ADAPTER = "cep_portal.messaging.adapters.allauth.OutboxAccountAdapter"
MFA_ADAPTER = "cep_portal.messaging.adapters.allauth.SecondFactorAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = [
    "email*",
    "password1*",
]  # sign-up is closed; this gives the sign-in form its password
ACCOUNT_SESSION_REMEMBER = False  # closing the browser ends the session
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_MAX_EMAIL_ADDRESSES = 1  # nobody adds the address of somebody else to receive that person's sign-in
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Mon CEP"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_METADATA_CLASS": None,  # OPTIONS would tell what the description tells, to anybody
    "EXCEPTION_HANDLER": "cep_portal.common.problems.handle",
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Mon CEP",
    "DESCRIPTION": (
        "Pour le logiciel d’un opérateur. Toute heure a son décalage ; toute liste se lit de page en page ; "
        "tout refus est un application/problem+json, avec un `type` stable. Guide : /logiciels/."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "POSTPROCESSING_HOOKS": [],
}

CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 1800
CELERY_TASK_SOFT_TIME_LIMIT = 1740
CELERY_TIMEZONE = "Europe/Paris"
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# An address that swallows packets holds a page three seconds, not the two minutes of TCP.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_connect_timeout": 3}
if SERVING:  # a page that asks for a task waits twice this time at most, then leaves it to the schedule
    CELERY_BROKER_TRANSPORT_OPTIONS |= {"socket_connect_timeout": 0.4, "socket_timeout": 0.4}
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # worker and beat come back after an outage of any length
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"reference": {"()": "cep_portal.common.references.ReferenceFilter"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(reference)s %(name)s %(message)s"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["reference"]},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {name: {"level": "WARNING"} for name in ("weasyprint", "fontTools")},
}

# The portal's own settings.
PORTAL_DEMONSTRATION = False  # fictional data, e-mails readable by staff, watermark
PORTAL_TRAINING = False  # the training place: true in settings/training.py alone (docs/adr/0038)
PORTAL_SECOND_FACTOR_REQUIRED = True  # agents sign in with TOTP or a passkey
# Messages to one person in 24 hours, by e-mail and SMS together (RDV-SP 4172: 136 SMS to one person).
PORTAL_DAILY_CAPS = {"UNSOLICITED": 4, "ACT": 20, "CODE": 20}
PORTAL_SMS: dict = {}  # {"PROVIDER": "dotted.Class", "OPTIONS": {…}}; empty: this portal sends no SMS
PORTAL_TEXT_DAYS = 30  # then the text of a message is emptied (of a code: a day after it expires)
PORTAL_MESSAGE_DAYS = 400  # then its row is deleted
PORTAL_ALARM_PERCENT = 5  # of what was due, refused: beyond it the morning check writes to administrators
PORTAL_DELIVERY_SECRETS: dict[str, str] = {}  # carrier of SMS → secret that signs its calls
PORTAL_EMAIL_EVENTS = ""  # dotted name of anymail's tracking view, when a provider carries the e-mails
PORTAL_REMINDER_DAYS = {"EMAIL": 2, "SMS": 1}  # days before, in the calendar of the site
PORTAL_UNDO_MINUTES = 5  # a cancellation is told after that: until then it can be undone in silence
PORTAL_HOLD_MINUTES = 10
PORTAL_HOLD_RENEWALS = 2  # the same slot, held again after its time, in a day
PORTAL_MINIMUM_NOTICE_HOURS = 2  # no slot is offered that starts sooner
PORTAL_HORIZON_WEEKS = 8  # nor later
PORTAL_CHANGE_LIMIT_HOURS = 2  # before the start: until then the person moves or cancels alone
PORTAL_ANSWER_HOURS = 48  # to answer what is proposed when an adviser is away
PORTAL_CALL_WITHIN_HOURS = 24  # an hour lost so near: somebody calls, a message is not enough
PORTAL_MOVES_BEFORE_CALL = 2  # then a call is offered as well; moving is never limited
PORTAL_LINK_DAYS = 30  # after the appointment, its signed link ends
# The room of a video session: "https://provider/{room}". Empty: no video session is offered.
PORTAL_VIDEO_URL = os.environ.get("PORTAL_VIDEO_URL", "")
PORTAL_OPEN_BOOKINGS = 2  # coming appointments a person may have
PORTAL_OFFER_HOURS = 24  # a slot that frees is kept that long for the next person of the waiting list
PORTAL_OFFER_SHORTEST_HOURS = 3  # of waking time to answer, else the slot is left to everybody
PORTAL_OFFER_WAKING = (8, 20)  # local hours at which offers are made
PORTAL_OFFERS_A_DAY = 2  # to one person, waiting list and earlier places together
PORTAL_OFFERS_UNANSWERED = 2  # in a row, then the person leaves the list and is told how to come back
PORTAL_EARLIER_DAYS = 2  # an earlier place is told when it is at least that much earlier
PORTAL_ALERTS_A_DAY = 1  # earlier places told for one appointment
PORTAL_ALERTS_AN_APPOINTMENT = 3
PORTAL_CALL_BACK_DAYS = 1  # working days of the department, from the day of asking to the promised one
PORTAL_CALL_BACK_TRIES = 3  # then the person is written to
PORTAL_CALL_BACK_KEPT_DAYS = 90  # then the name and the number of a call that is over are blanked
PORTAL_SESSION_DAYS_APART = 0  # between the appointment's local day and the session's
PORTAL_SUPERVISION_DAYS = 14  # people who wait should find a free slot within these days
PORTAL_SUPERVISION_SILENCE_DAYS = 7  # a request closed by a manager is not asked again sooner
PORTAL_DELIVERY_BYTES = 80_000_000  # of a file that an operator sends; 200,000 lines weigh some 40
PORTAL_DELIVERY_BODY_BYTES = 84_000_000  # of the request that brings it: beyond, the form has no words
PORTAL_DELIVERY_JSON_BYTES = 5_000_000  # JSON is read whole: for more, CSV
PORTAL_DELIVERY_XLSX_BYTES = 250_000_000  # of a workbook once unfolded
PORTAL_REFUSED_LINES_DAYS = 60  # then the lines not taken are deleted, their counts stay
PORTAL_WEBHOOK_DAYS = 30  # then a message to an operator's software is deleted, whatever became of it
PORTAL_WEBHOOK_FAILING_DAYS = 5  # without one success: the subscription is suspended and managers told
PORTAL_WEBHOOK_LOCAL = False  # True only in tests: a receiver on this machine is then reached
PORTAL_REFERRAL_ANSWER_DAYS = 15  # a partner silent for longer is late on the adviser's day
PORTAL_REFERRAL_LINK_DAYS = 90  # then the partner's link shows nothing any more
PORTAL_TRANSFER_DAYS = 30  # from its preparation: then a transfer that nobody received is over
PORTAL_TYPOGRAPHY = True  # no-break spaces put in every page and PDF; tests compare sentences without
PORTAL_THROTTLE = (
    os.environ.get("PORTAL_THROTTLE", "1") == "1"
)  # limits on public forms; load tests turn it off
PORTAL_JOURNAL_MONTHS = 12  # then acts on people's files leave the journal; a trigger too
# How to reach the mediator after a month of silence (R6123-14); None is shown as "to be completed".
PORTAL_MEDIATOR = {
    "name": os.environ.get("PORTAL_MEDIATOR_NAME"),
    "url": os.environ.get("PORTAL_MEDIATOR_URL"),
    "email": os.environ.get("PORTAL_MEDIATOR_EMAIL"),
    "address": os.environ.get("PORTAL_MEDIATOR_ADDRESS"),
}
PORTAL_RETENTION_MONTHS = 24  # after the last contact a person is erased, and told 30 days before
PORTAL_SECURITY_CONTACT = os.environ.get("PORTAL_SECURITY_CONTACT")  # mailto: or https: of security.txt
PORTAL_BODY_BYTES = 24_000_000  # of any request, except where a view takes more (cep_portal/common/bodies.py)
PORTAL_BODY_SECONDS = (
    20  # without a byte, or at less than 4 kB a second since the start: the sender is refused
)
PORTAL_UPLOAD_MAX_BYTES = 10 * 1024 * 1024  # of one file that a person or an adviser adds
PORTAL_UPLOADS_A_PATHWAY = 60
# unix:/run/clamav/clamd.ctl or tcp:host:3310; without it files stay held, and say so.
PORTAL_CLAMD = os.environ.get("PORTAL_CLAMD", "")
COMPONENTS_PAGE = False
# Facts of the legal pages: the operator of the portal fills them; None is shown as "to be completed".
PORTAL_LEGAL = {
    "publisher": os.environ.get("PORTAL_LEGAL_PUBLISHER"),
    "director": os.environ.get("PORTAL_LEGAL_DIRECTOR"),
    "host": os.environ.get("PORTAL_LEGAL_HOST"),
    "contact_email": os.environ.get("PORTAL_LEGAL_CONTACT_EMAIL"),
    "phone": os.environ.get("PORTAL_LEGAL_PHONE"),
}
