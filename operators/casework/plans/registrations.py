"""What plans add to other subjects, once, in AppConfig.ready()."""

from beneficiaries.space.registry import Page, register_page, register_panel
from operators.casework.pathways import registry
from operators.casework.plans import panels, personal_data
from operators.casework.plans.services.joining import follow_pathway
from operators.moving.duplicates.registry import register_joiner


def register() -> None:
    personal_data.declare()
    register_joiner(follow_pathway)
    registry.register_section(
        panels.plan_section, title="Plan d’action", template="operators/casework/plans/section.html", order=20
    )
    registry.register_timeline(panels.plan_happenings)
    registry.register_preparation(panels.plan_preparation)
    register_panel(
        title="Mon plan d’action",
        order=30,
        context=panels.plan_panel,
        template="operators/casework/plans/panel.html",
    )
    register_page(
        Page(
            slug="plan",
            title="Mon plan d’action",
            text="Ce qui est à faire, par qui, pour quand.",
            order=20,
            context=panels.plan_page,
            template="operators/casework/plans/own_plan.html",
        )
    )
