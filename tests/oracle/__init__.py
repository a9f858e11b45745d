"""A slow, plain second implementation of `docs/semantics.md`. It shares no code with `src/` but the models.

Section numbers in docstrings are those of the page. Where this and the engine disagree, the page decides.
"""
