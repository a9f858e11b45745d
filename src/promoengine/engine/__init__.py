"""The engine: a plan and a basket become a quote. Ints, tuples and small slotted objects; nothing of third parties.

Read `pricing.price` first: gather -> choose -> run -> finish.
"""
