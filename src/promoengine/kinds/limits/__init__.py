"""How often and how much: the keys of `limits`. One kind, one file."""
