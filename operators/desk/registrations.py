"""What the desk adds to the adviser's day and to the file of a pathway."""


def register() -> None:
    from operators.desk import panels  # noqa: PLC0415 -- models load later
    from operators.pathways.registry import register_to_do  # noqa: PLC0415 -- models load later

    register_to_do(panels.to_call_back, title="À rappeler", order=20)
    register_to_do(panels.awaiting_answer, title="Réponses attendues", order=40)
