"""What a promotion gives. One kind, one file."""
