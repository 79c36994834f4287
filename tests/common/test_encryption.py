"""Sealing: nothing readable at rest, nothing altered or moved unseen, keys that rotate."""

import pytest

from cep_portal.common.encryption import (
    KeysInvalid,
    SealBroken,
    Sealed,
    new_key,
    parse_keys,
    present_key_id,
    seal,
    unseal,
)


def test_sealed_text_opens_in_its_context_only():
    sealed = seal("un canari", context="note:1")

    assert unseal(sealed, context="note:1") == "un canari"
    assert b"canari" not in sealed.data
    with pytest.raises(SealBroken):
        unseal(sealed, context="note:2")


def test_the_same_text_is_never_sealed_the_same_way():
    assert seal("a", context="x").data != seal("a", context="x").data


def test_altered_text_does_not_open():
    sealed = seal("un canari", context="note:1")
    bent = Sealed(sealed.key_id, sealed.data[:-1] + bytes([sealed.data[-1] ^ 1]))

    with pytest.raises(SealBroken):
        unseal(bent, context="note:1")


def test_newest_key_seals_and_older_ones_open(settings):
    old, new = new_key(), new_key()
    settings.PORTAL_NOTE_KEYS = old
    before = seal("avant", context="x")
    settings.PORTAL_NOTE_KEYS = f"{new}, {old}"

    assert unseal(before, context="x") == "avant"
    assert seal("après", context="x").key_id == present_key_id() != before.key_id


def test_unknown_key_is_named_and_opens_nothing(settings):
    sealed = seal("avant", context="x")
    settings.PORTAL_NOTE_KEYS = new_key()

    with pytest.raises(SealBroken, match=sealed.key_id):
        unseal(sealed, context="x")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " , ",
        "not base64 at all",
        "c2hvcnQ=",
        "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=",  # 32 times the same letter
    ],
)
def test_weak_or_missing_keys_are_refused(text):
    with pytest.raises(KeysInvalid):
        parse_keys(text)


def test_a_new_key_is_accepted():
    assert len(parse_keys(f"{new_key()},{new_key()}")) == 2
