import runpy

import pytest
from django.core.cache import caches
from django.http import HttpResponse
from redis.exceptions import ConnectionError as RedisGone

from cep_portal.common import throttle
from cep_portal.common.throttle import throttled


@throttled("test", limit=2, seconds=60)
def view(request):
    return HttpResponse("fait")


pytestmark = pytest.mark.usefixtures("throttling")


def statuses(rf, count, method="post", **headers):
    return [view(getattr(rf, method)("/", **headers)).status_code for _ in range(count)]


def test_posts_beyond_the_limit_get_429_with_the_time_to_wait(rf):
    assert statuses(rf, 2) == [200, 200]

    response = view(rf.post("/"))

    assert response.status_code == 429
    assert 1 <= int(response["Retry-After"]) <= 60
    assert "dans une minute" in response.text


def test_reading_is_never_limited(rf):
    assert statuses(rf, 5, "get") == [200] * 5


@pytest.mark.parametrize(
    ("other", "answer"),
    [("203.0.113.9", 200), ("2001:db8::1", 200), ("2001:db8:0:1::2", 429)],
)
def test_each_network_has_its_own_count(rf, other, answer):
    statuses(rf, 2, REMOTE_ADDR="2001:db8:0:1::1")

    assert statuses(rf, 1, REMOTE_ADDR=other) == [answer]


def test_next_window_is_open_again(rf, monkeypatch):
    monkeypatch.setattr(throttle.time, "time", lambda: 120.0)
    assert statuses(rf, 3) == [200, 200, 429]

    monkeypatch.setattr(throttle.time, "time", lambda: 180.0)

    assert statuses(rf, 1) == [200]


def test_limit_holds_when_the_shared_cache_is_gone(rf, monkeypatch):
    def gone(*_args, **_kwargs):
        raise RedisGone("no cache")

    monkeypatch.setattr(caches["default"], "add", gone)

    assert statuses(rf, 3) == [200, 200, 429]


def test_people_behind_the_proxy_of_a_server_are_counted_apart(rf, settings, monkeypatch):
    """Else the whole country shares the proxy's counter, and ten codes close the service."""
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "BROKER_URL", "CACHE_URL"):
        monkeypatch.setenv(f"PORTAL_{name}", "postgres:///0123456789-abcdefghijklmnopqrstuvwxyz-0123456789")
    for name in ("BASE_URL", "DATA_DIR", "EMAIL_HOST", "FROM_EMAIL"):
        monkeypatch.setenv(f"PORTAL_{name}", "portal.example")
    monkeypatch.setenv("PORTAL_NOTE_KEYS", settings.PORTAL_NOTE_KEYS)
    server = runpy.run_module("cep_portal.settings.prod")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = server["ALLAUTH_TRUSTED_PROXY_COUNT"]

    def post(client):
        return statuses(rf, 2, headers={"X-Forwarded-For": f"198.51.100.66, {client}"})

    assert [post("192.0.2.1"), post("192.0.2.2"), post("192.0.2.1")] == [[200] * 2, [200] * 2, [429] * 2]
