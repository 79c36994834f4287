from beneficiaries.complaints import notices
from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import MENU, Entry
from cep_portal.messaging.hooks import COMPOSERS


def contribute() -> None:
    COMPOSERS.add(*notices.COMPOSERS)
    managers, readers = frozenset({Role.OPERATOR_MANAGER}), frozenset(Role.of_france_competences)
    MENU.add(
        Entry("Réclamations", "beneficiaries:complaint_list", managers, order=56, group="À suivre"),
        Entry("Réclamations", "beneficiaries:complaint_counts", readers, order=70),
    )
