from cep_portal.common.errors import DomainError


class TransferRefused(DomainError):
    """A transfer that cannot go on; `field` names the answer to repair, if there is one."""

    code = "transfer_refused"
    field: str | None = None


class PathwayNotOpen(TransferRefused):
    code = "pathway_not_open"


class AlreadyPrepared(TransferRefused):
    code = "already_prepared"


class NobodyThere(TransferRefused):
    code = "nobody_there"
    field = "commune_text"


class SameContract(TransferRefused):
    code = "same_contract"
    field = "commune_text"


class TransferOver(TransferRefused):
    """Answered, withdrawn or expired meanwhile, or not yet there."""

    code = "transfer_over"


class InventoryChanged(TransferRefused):
    code = "inventory_changed"


class ConsentMissing(TransferRefused):
    code = "consent_missing"


class AdviserUnfit(TransferRefused):
    code = "adviser_unfit"
    field = "adviser"


class NotStartedYet(TransferRefused):
    code = "contract_not_started"
