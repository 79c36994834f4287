from operators.casework.summaries.services.answers import accept_summary, ask_correction
from operators.casework.summaries.services.sharing import (
    read_shared,
    revoke_share,
    revoke_shares,
    share_summary,
)
from operators.casework.summaries.services.writing import (
    propose_summary,
    start_summary,
    withdraw_summary,
    write_summary,
)

__all__ = [
    "accept_summary",
    "ask_correction",
    "propose_summary",
    "read_shared",
    "revoke_share",
    "revoke_shares",
    "share_summary",
    "start_summary",
    "withdraw_summary",
    "write_summary",
]
