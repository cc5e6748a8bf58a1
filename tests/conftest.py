"""What all tests share: property tests judge answers, not the speed of a busy machine."""

from hypothesis import settings

settings.register_profile("rasad", deadline=None)
settings.load_profile("rasad")
