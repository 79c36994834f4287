from __future__ import annotations

from typing import TYPE_CHECKING

from cep_portal.common.errors import DomainError

if TYPE_CHECKING:
    from beneficiaries.request.models import Beneficiary


class NobodyBehind(DomainError):
    """Nobody has the proved contact under the name given."""

    code = "nobody_behind"


class FileToChoose(DomainError):
    """Several files of one name, `people`, stand behind the proved contact: the person says which."""

    code = "file_to_choose"

    def __init__(self, people: list[Beneficiary]) -> None:
        super().__init__("Plusieurs dossiers portent votre nom : choisissez.")
        self.people = people
