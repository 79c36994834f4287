import pytest

from cep_portal.accounts import rules


@pytest.mark.parametrize(
    ("siret", "valid"),
    [
        ("21750001630066", False),  # official example
        ("21750001630040", True),
        ("21750001630045", False),  # the sum is a multiple of five only
        ("2175000163004", False),
        ("2175000163004O", False),
        ("", False),
    ],
)
def test_siret_checksum(siret, valid):
    assert rules.siret_is_valid(siret) is valid
