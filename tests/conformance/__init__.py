"""Worked figures of other people, as cases of this library. See README.md."""
