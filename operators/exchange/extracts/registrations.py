"""What extracts add to the rest of the portal, called once by OperatorsConfig.ready()."""

from operators.exchange.extracts import personal_data


def register() -> None:
    personal_data.declare()
