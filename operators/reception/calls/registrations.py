"""What the calls add to the adviser's day."""


def register() -> None:
    from operators.casework.pathways.registry import register_to_do  # noqa: PLC0415 -- models load later
    from operators.reception.calls.panels import unanswered  # noqa: PLC0415 -- models load later

    register_to_do(unanswered, title="Demandes sans rendez-vous", order=30)
