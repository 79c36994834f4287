from cep_portal.training.services.moves import ask_move, run_move
from cep_portal.training.services.resets import ask_reset, open_place, reset_place

__all__ = ["ask_move", "ask_reset", "open_place", "reset_place", "run_move"]
