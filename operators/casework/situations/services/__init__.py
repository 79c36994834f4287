"""Writes of situations: change what is true, correct what was written, answer who asks for it."""

from operators.casework.situations.services.rectifying import answer_rectification, ask_rectification
from operators.casework.situations.services.writing import (
    change_situation,
    correct_situation,
    withdraw_situation,
)

__all__ = [
    "answer_rectification",
    "ask_rectification",
    "change_situation",
    "correct_situation",
    "withdraw_situation",
]
