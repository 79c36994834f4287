"""The chaos test's settings with limits that count, short patience for bodies, and static files."""

from tests.benchmarks.settings import *  # noqa: F403

PORTAL_THROTTLE = True
ACCOUNT_RATE_LIMITS = {"login_failed": "4/5m/key"}
PORTAL_BODY_SECONDS = 3
WHITENOISE_USE_FINDERS = True
