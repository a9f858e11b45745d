"""Who and when: the keys of `when`. One kind, one file."""
