from operators.moving.duplicates.services.finding import (
    find_duplicates,
    find_everywhere,
    forget_former,
    say_apart,
)
from operators.moving.duplicates.services.merging import merge_people
from operators.moving.duplicates.services.undoing import undo_merge

__all__ = ["find_duplicates", "find_everywhere", "forget_former", "merge_people", "say_apart", "undo_merge"]
