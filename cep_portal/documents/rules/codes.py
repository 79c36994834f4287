CODE_LENGTH = 16
# The alphabet of codes has no I, L, O, U: what a reader types for them is a 1 or a 0.
LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})


def fold_code(code: str) -> str:
    """« abcd-1234 efgh » → « ABCD1234EFGH »: as codes are stored."""
    letters = "".join(letter for letter in code.upper() if letter.isascii() and letter.isalnum())
    return letters.translate(LOOKALIKES)
