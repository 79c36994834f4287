"""What referrals add to the rooms below, once models are loaded."""

from beneficiaries.rights.registry import register_release
from beneficiaries.space.registry import Page, register_page, register_panel
from cep_portal.messaging.hooks import CHECKS, Check
from operators.casework.pathways import registry
from operators.casework.pathways.enums import NextStep
from operators.casework.referrals import notices, panels, person_file, personal_data


def register() -> None:
    personal_data.declare()
    register_release(person_file.withdraw_open)
    CHECKS.add(Check(notices.ABOUT, notices.still_open))
    registry.register_section(
        panels.file_section,
        title="Orientations",
        template="operators/casework/referrals/file_section.html",
        order=60,
    )
    registry.register_timeline(panels.timeline)
    registry.register_to_do(panels.to_do, title="Orientations sans réponse", order=60)
    registry.register_preparation(panels.preparation)
    registry.register_follow_up(NextStep.REFERRAL, panels.after_session)
    register_panel(
        title="Mes orientations",
        order=45,
        context=panels.space_panel,
        template="operators/casework/referrals/space_panel.html",
    )
    register_page(
        Page(
            slug="orientations",
            title="Mes orientations",
            text="Les services vers lesquels j’ai été orienté, et leurs réponses.",
            order=30,
            context=panels.space_page,
            template="operators/casework/referrals/space_page.html",
        )
    )
