from beneficiaries.rights import notices
from cep_portal.messaging.hooks import COMPOSERS


def contribute() -> None:
    COMPOSERS.add(*notices.COMPOSERS)
