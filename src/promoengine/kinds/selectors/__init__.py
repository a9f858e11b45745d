"""Which units: the keys of `items`. One kind, one file."""
