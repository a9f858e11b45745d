"""What all tests share: how Hypothesis searches.

The profile `ci` is the default everywhere: the same examples on every run and every machine, and no
deadline, because a slow machine is not a bug. To look for new counterexamples:

    python3 dev.py test --hypothesis-profile=explore
"""

from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("explore", derandomize=False, deadline=None, print_blob=True, max_examples=1_000)
settings.load_profile("ci")
