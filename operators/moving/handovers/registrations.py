"""What hand-overs add to other subjects, once, in AppConfig.ready()."""

from operators.casework.desk.registry import register_assignment
from operators.casework.pathways import registry
from operators.moving.handovers import panels, person_file, personal_data


def register() -> None:
    personal_data.declare()
    register_assignment(person_file.lends)
    registry.register_stand_ins(person_file.stand_ins)
    registry.register_section(
        panels.follow_section, title="Suivi", template="operators/moving/handovers/section.html", order=10
    )
    registry.register_timeline(panels.handover_happenings)
    registry.register_to_do(panels.handed_to_do, title="Confiés à vous", order=30)
