from operators.supervision.services.delays import measure_delays

__all__ = ["measure_delays"]
