"""Which units in reach are rewarded: the keys of `rewarded`. One kind, one file."""
