"""What the desk adds to the adviser's day and to the file of a pathway."""


def register() -> None:
    from operators.casework.desk import panels, personal_data  # noqa: PLC0415 -- models load later
    from operators.casework.desk.person_file import file_gate  # noqa: PLC0415 -- models load later
    from operators.casework.pathways.registry import register_gate, register_to_do  # noqa: PLC0415 -- models load later

    personal_data.declare()
    register_gate(file_gate)
    register_to_do(panels.to_call_back, title="À rappeler", order=20)
    register_to_do(panels.awaiting_answer, title="Réponses attendues", order=40)
