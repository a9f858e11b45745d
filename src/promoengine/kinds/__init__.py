"""What a promotion can be made of: one kind, one file.

A kind's file holds its pydantic model, whose docstring is its page in the docs, and `lower()`, which turns it
into the operations of `promoengine.plan`. Nothing in a kind runs while a cart is priced.
"""
