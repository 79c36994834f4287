from operators.casework.desk.services.newcomers import register_newcomer
from operators.casework.desk.services.reasons import give_reason

__all__ = ["give_reason", "register_newcomer"]
