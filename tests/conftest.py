"""What all tests share: how Hypothesis searches.

The profile `ci` is the default everywhere: the same examples on every run and every machine, and no
deadline, because a slow machine is not a bug. To look for new counterexamples:

    python3 dev.py test --hypothesis-profile=explore

And which tests a compiled engine cannot be asked: those that replace a function of it, since it calls its own.
"""

import pytest
from hypothesis import settings

import promoengine.engine.run

settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("explore", derandomize=False, deadline=None, print_blob=True, max_examples=1_000)
settings.load_profile("ci")

IS_COMPILED = not promoengine.engine.run.__file__.endswith(".py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what replaces functions of the engine where it is compiled."""
    for item in items:
        if IS_COMPILED and item.get_closest_marker("breaks_the_engine"):
            item.add_marker(pytest.mark.skip(reason="a compiled engine calls its own functions"))
