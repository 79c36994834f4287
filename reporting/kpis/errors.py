from cep_portal.common.errors import DomainError


class SeriesBroken(DomainError):
    code = "series_broken"
