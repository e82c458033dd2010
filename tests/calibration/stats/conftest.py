"""Properties are checked on a few dozen examples, however slow the machine is just now."""

from hypothesis import settings

settings.register_profile("numbers", deadline=None, max_examples=60)
settings.load_profile("numbers")
