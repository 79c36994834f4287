from cep_portal.common.errors import DomainError


class SeriesBroken(DomainError):
    code = "series_broken"


class NothingComputed(DomainError):
    code = "nothing_computed"
