"""Properties are checked on a few dozen examples, however slow the machine is just now."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "numbers",
    deadline=None,
    max_examples=40,
    # a busy machine is slow, and many small samples have no figure to speak of
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
settings.load_profile("numbers")
