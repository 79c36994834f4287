from cep_portal.common.errors import DomainError


class MergeRefused(DomainError):
    code = "merge_refused"


class NotAlike(MergeRefused):
    code = "not_alike"


class PersonNotVisible(MergeRefused):
    code = "person_not_visible"


class MergeChained(MergeRefused):
    code = "merge_chained"


class KnownElsewhere(MergeRefused):
    code = "known_elsewhere"


class WrongOneKept(MergeRefused):
    code = "wrong_one_kept"


class BothBooked(MergeRefused):
    """Both files have something that one person cannot have twice."""

    code = "both_booked"


class UndoRefused(DomainError):
    code = "undo_refused"


class UndoTooLate(UndoRefused):
    code = "undo_too_late"


class MergeUndone(UndoRefused):
    code = "merge_undone"


class PersonErased(UndoRefused):
    code = "person_erased"


class AddressTaken(UndoRefused):
    code = "address_taken"
