from operators.duplicates.services.finding import (
    find_duplicates,
    find_everywhere,
    forget_former,
    say_apart,
)
from operators.duplicates.services.merging import merge_people
from operators.duplicates.services.undoing import undo_merge

__all__ = ["find_duplicates", "find_everywhere", "forget_former", "merge_people", "say_apart", "undo_merge"]
