from cep_portal.documents.rules.codes import (
    CODE_LENGTH,
    fold_code,
)

__all__ = [
    "CODE_LENGTH",
    "fold_code",
]
