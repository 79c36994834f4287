"""What a hook promises: nobody twice, an order, and who answers."""

from dataclasses import dataclass

import pytest

from cep_portal.common.hooks import Hook
from tests.hooks import only


@dataclass(frozen=True)
class Price:
    code: str
    amount: int


def test_answers_are_read_by_order_then_as_added():
    hook = Hook[str]("words")
    hook.add("second", "third")
    hook.add("last", order=90)
    hook.add("first", order=10)

    assert list(hook) == ["first", "second", "third", "last"]


def test_same_answer_twice_is_refused():
    hook = Hook[str]("words")
    hook.add("once")

    with pytest.raises(ValueError, match="words: added twice: 'once'"):
        hook.add("once", order=1)

    assert list(hook) == ["once"]


def test_same_answer_twice_in_a_call_is_refused():
    with pytest.raises(ValueError, match="twice"):
        Hook[str]("words").add("once", "once")


def test_hook_says_which_answers_are_the_same():
    hook = Hook[Price]("prices", same=lambda new, known: new.code == known.code)
    hook.add(Price("A", 1), Price("B", 1))

    with pytest.raises(ValueError, match="prices: added twice"):
        hook.add(Price("A", 2))


def test_answer_keeps_the_subject_that_gave_it():
    hook = Hook[str]("words")
    namespace = {"__name__": "operators.casework.notes.contributions", "hook": hook}
    exec("hook.add('noted', order=20)", namespace)  # as that module would
    hook.add("tested")

    assert [(answer.order, answer.subject) for answer in hook.answers] == [
        (20, "operators.casework.notes"),
        (50, "tests.common"),
    ]


def test_answers_of_a_test_end_with_it(monkeypatch):
    hook = Hook[str]("words")
    hook.add("kept")

    with monkeypatch.context() as patch:
        only(patch, hook, "of the test")
        assert list(hook) == ["of the test"]

    assert list(hook) == ["kept"]


def test_reading_goes_on_while_a_hook_is_filled():
    hook = Hook[str]("words")
    hook.add("first")

    for _word in hook:
        hook.add("second")

    assert list(hook) == ["first", "second"]
