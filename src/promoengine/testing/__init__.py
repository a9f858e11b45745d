"""Testing a campaign: Hypothesis strategies for campaigns, carts and moments, and the laws that quotes obey.

Needs the extra `testing`: `pip install "promoengine[testing]"`.
"""

try:
    import hypothesis as _hypothesis  # noqa: F401
except ImportError as missing:
    raise ImportError('promoengine.testing needs an extra: pip install "promoengine[testing]"') from missing

from promoengine.testing import laws
from promoengine.testing.strategies import Situation, campaigns, carts, carts_for, moments_for, promotions, situations

__all__ = ["Situation", "campaigns", "carts", "carts_for", "laws", "moments_for", "promotions", "situations"]
