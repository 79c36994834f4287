import pytest
from django.core.cache import cache

pytest_plugins = ["tests.strictness"]


@pytest.fixture(autouse=True)
def _empty_cache():
    """Rate limits and cached pages of one test never reach the next."""
    cache.clear()
