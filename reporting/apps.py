from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"
    verbose_name = "pilotage"

    def ready(self) -> None:
        from procurement.commitments import indicators  # noqa: PLC0415 -- models load later
        from reporting.assessment.measures import measures  # noqa: PLC0415 -- models load later

        indicators.register(*measures())
