from operators.reception.team import registry, steps


def register() -> None:
    registry.register_step(steps.place_step, order=10)
    registry.register_step(steps.invitation_step, order=20)
    registry.register_step(steps.opening_step, order=30)
    registry.register_step(steps.slot_step, order=40)
    registry.register_step(steps.booking_step, order=50)
    registry.register_step(steps.session_step, order=60)
    registry.register_step(steps.deputy_step, order=80)
