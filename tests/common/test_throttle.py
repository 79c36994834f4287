import runpy
from types import SimpleNamespace

import pytest
from django.http import HttpResponse, HttpResponseRedirect

from cep_portal.common import throttle
from cep_portal.common.throttle import throttled


@throttled("test", limit=2, seconds=60)
def view(request, **target):
    """Done, as the house answers a form that was taken: elsewhere; a refused one comes back."""
    if request.POST.get("refused"):
        return HttpResponse("à corriger")
    if request.POST.get("guess"):
        throttle.count_try(request)
        return HttpResponse("inconnu")
    return HttpResponseRedirect("/")


@pytest.fixture(autouse=True)
def _alone(request, monkeypatch):
    """Two acts fill an address, so that the width is not what each test waits for."""
    if "wide" not in request.keywords:
        monkeypatch.setattr(throttle, "WIDE", 1)


pytestmark = pytest.mark.usefixtures("throttling")


def sent(rf, *, session="", data=None, address="192.0.2.7", **target):
    request = rf.post("/", data or {}, REMOTE_ADDR=address)
    request.session = SimpleNamespace(session_key=session)
    return view(request, **target).status_code


def statuses(rf, count, method="post", **headers):
    return [view(getattr(rf, method)("/", **headers)).status_code for _ in range(count)]


def test_posts_beyond_the_limit_get_429_with_the_time_to_wait(rf):
    assert statuses(rf, 2) == [302, 302]

    response = view(rf.post("/"))

    assert response.status_code == 429
    assert 1 <= int(response["Retry-After"]) <= 60
    assert "dans une minute" in response.text


def test_reading_is_never_limited(rf):
    assert statuses(rf, 5, "get") == [302] * 5


@pytest.mark.parametrize(
    ("other", "answer"),
    [("203.0.113.9", 302), ("2001:db8::1", 302), ("2001:db8:0:1::2", 429)],
)
def test_each_network_has_its_own_count(rf, other, answer):
    statuses(rf, 2, REMOTE_ADDR="2001:db8:0:1::1")

    assert statuses(rf, 1, REMOTE_ADDR=other) == [answer]


def test_next_window_is_open_again(rf, monkeypatch):
    monkeypatch.setattr(throttle.time, "time", lambda: 120.0)
    assert statuses(rf, 3) == [302, 302, 429]

    monkeypatch.setattr(throttle.time, "time", lambda: 180.0)

    assert statuses(rf, 1) == [302]


@pytest.mark.django_db
def test_limit_holds_when_the_shared_cache_is_gone(rf, settings, tmp_path):
    away = "cep_portal.common.standing_cache.StandingCache"
    settings.CACHES = {"default": {"BACKEND": away, "LOCATION": f"unix://{tmp_path}/nobody.sock"}}

    assert statuses(rf, 3) == [302, 302, 429]


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

    assert [post("192.0.2.1"), post("192.0.2.2"), post("192.0.2.1")] == [[302] * 2, [302] * 2, [429] * 2]


def test_refused_form_does_not_count_and_a_guess_does(rf):
    assert [sent(rf, data={"refused": "1"}) for _ in range(5)] == [200] * 5

    assert [sent(rf, data={"guess": "1"}) for _ in range(3)] == [200, 200, 429]


@pytest.mark.wide
def test_people_behind_one_address_are_counted_each(rf):
    """A job fair, a firm, a mobile operator: one address, many sessions."""
    crowd = [sent(rf, session=f"s{person}") for person in range(15) for _ in range(2)]
    assert crowd == [302] * 30

    assert sent(rf, session="s3") == 429
    assert sent(rf, session="s99") == 302


@pytest.mark.wide
def test_address_alone_is_limited_far_above_a_person(rf):
    answers = [sent(rf) for _ in range(throttle.WIDE * 2 + 1)]

    assert answers == [302] * (throttle.WIDE * 2) + [429]


@pytest.mark.wide
def test_target_is_protected_whoever_asks(rf):
    answers = [
        sent(rf, session=f"s{number}", address=f"192.0.2.{number}", reference="ABCD") for number in range(3)
    ]

    assert answers == [302, 302, 429]
    assert sent(rf, session="s2", address="192.0.2.2", reference="EFGH") == 302


@pytest.mark.wide
def test_who_is_stopped_is_not_counted_further(rf):
    """Else whoever insists on a full target would also close the door of their own network."""
    answers = [sent(rf, reference="ABCD") for _ in range(throttle.WIDE * 3)]
    assert answers[:3] == [302, 302, 429]

    assert sent(rf, reference="EFGH") == 302
