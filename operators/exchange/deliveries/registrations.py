"""What deliveries add to the rest of the portal, called once by OperatorsConfig.ready()."""

from operators.exchange.deliveries import personal_data
from operators.exchange.deliveries.services.merges import join_keys, move_keys
from operators.moving.duplicates.registry import register_follower, register_joiner


def register() -> None:
    personal_data.declare()
    register_follower(move_keys)
    register_joiner(join_keys)
