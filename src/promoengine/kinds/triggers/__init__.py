"""What fires a promotion. One kind, one file."""
