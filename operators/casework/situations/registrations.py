"""What situations add to other subjects, once, in AppConfig.ready()."""

from beneficiaries.space.registry import Page, register_page
from operators.casework.pathways import registry
from operators.casework.situations import panels, personal_data


def register() -> None:
    personal_data.declare()
    registry.register_section(
        panels.situation_section,
        title="Situation",
        template="operators/casework/situations/section.html",
        order=5,
    )
    registry.register_timeline(panels.situation_happenings)
    registry.register_to_do(panels.rectifications_to_do, title="Situations à corriger", order=45)
    register_page(
        Page(
            slug="situation",
            title="Ma situation",
            text="Ce qui est noté de vous, et le faire corriger.",
            order=25,
            context=panels.situation_page,
            template="operators/casework/situations/space_page.html",
        )
    )
