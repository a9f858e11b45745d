"""Which combination: the search for the best legal choice, and the proof that it is the best (semantics 5).

`solver` is the door, and its head tells how it works.
"""
