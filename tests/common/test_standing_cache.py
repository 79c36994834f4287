"""Valkey away: what is counted goes on being counted in PostgreSQL, without waiting for it at each call."""

import socket
import time
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from cep_portal.common import later as later_module
from cep_portal.common.models import SpareEntry
from cep_portal.common.spare_cache import SpareCache
from cep_portal.common.standing_cache import StandingCache
from cep_portal.common.task_names import TaskName

pytestmark = pytest.mark.django_db


@pytest.fixture
def spare():
    return SpareCache("", {"TIMEOUT": 60})


@pytest.fixture
def refused(tmp_path):
    """A cache whose server is not there."""
    return StandingCache(f"unix://{tmp_path}/nobody.sock", {"TIMEOUT": 60})


@pytest.fixture
def hung(tmp_path):
    """A cache whose server takes connections and never answers."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "hung.sock"))
        server.listen(16)
        yield f"unix://{tmp_path}/hung.sock"


@pytest.mark.parametrize("value", [3, "texte", [1.5, 2.5], True, None])
def test_what_is_set_is_given_back(spare, value):
    spare.set("clé", value)

    assert spare.get("clé", "absent") == value
    assert spare.get("autre", "absent") == "absent"


def test_entry_is_over_after_its_time(spare):
    spare.set("clé", "texte", timeout=30)
    spare.set("compte", 1, timeout=30)

    with time_machine.travel(timezone.now() + timedelta(seconds=31), tick=False):
        assert spare.get("clé") is None
        assert spare.add("clé", "autre") is True
        with pytest.raises(ValueError, match="compte"):
            spare.incr("compte")
        assert list(SpareEntry.objects.values_list("key", flat=True)) == [":1:clé"]  # the rest is forgotten


def test_add_keeps_what_is_there(spare):
    assert [spare.add("clé", 1), spare.add("clé", 2), spare.get("clé")] == [True, False, 1]


def test_count_goes_on_in_one_statement(spare, django_assert_num_queries):
    spare.add("compte", 0)

    with django_assert_num_queries(1):
        assert spare.incr("compte") == 1
    assert [spare.incr("compte", 4), spare.get("compte")] == [5, 5]


def test_entry_is_deleted_prolonged_and_cleared(spare):
    spare.set_many({"a": 1, "b": 2})

    assert [spare.touch("a", 120), spare.touch("z"), spare.delete("b"), spare.delete("b")] == [
        True,
        False,
        True,
        False,
    ]
    assert spare.get_many(["a", "b"]) == {"a": 1}
    spare.clear()
    assert not SpareEntry.objects.exists()


def test_cache_that_is_gone_counts_in_postgresql(refused, caplog):
    refused.add("tries", 0, timeout=60)

    assert [refused.incr("tries") for _ in range(3)] == [1, 2, 3]
    assert SpareEntry.objects.get().number == 3
    assert caplog.text.count("The cache is away") == 1


def test_cache_that_hangs_is_given_up_once_for_all_threads(hung):
    started = time.monotonic()
    StandingCache(hung, {"TIMEOUT": 60}).set("clé", "texte")
    first = time.monotonic() - started
    another_thread = StandingCache(hung, {"TIMEOUT": 60})
    kept = another_thread.get("clé")
    both = time.monotonic() - started

    assert (kept, first < 1, both - first < 0.3) == ("texte", True, True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("broker_away")
def test_broker_that_did_not_answer_is_left_alone_for_a_moment(caplog):
    later_module.later(TaskName.OFFER_FREE_SLOTS)
    assert "left to the schedule" not in caplog.text

    later_module.later(TaskName.OFFER_FREE_SLOTS)

    assert "left to the schedule" in caplog.text
