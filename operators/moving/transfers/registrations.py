"""What transfers add to the rooms below, once models are loaded."""

from beneficiaries.rights.registry import register_release
from beneficiaries.space.registry import Page, register_page, register_panel
from cep_portal.messaging.hooks import CHECKS, Check
from operators.casework.pathways import registry
from operators.moving.transfers import notices, panels, parts, person_file, personal_data


def register() -> None:
    personal_data.declare()
    parts.register()
    register_release(person_file.withdraw_open)
    CHECKS.add(Check(notices.ABOUT, notices.still_asked))
    registry.register_section(
        panels.file_section,
        title="Changer d’opérateur",
        template="operators/moving/transfers/file_section.html",
        order=80,
    )
    registry.register_timeline(panels.timeline)
    registry.register_to_do(panels.to_do, title="Transferts", order=65)
    register_panel(
        title="Votre accord est attendu",
        order=16,
        context=panels.space_panel,
        template="operators/moving/transfers/space_panel.html",
    )
    register_page(
        Page(
            slug="transferts",
            title="Changer d’opérateur",
            text="Ce qui passe à un autre opérateur, et mon accord.",
            order=48,
            context=panels.space_page,
            template="operators/moving/transfers/space_page.html",
        )
    )
