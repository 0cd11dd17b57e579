"""Wire formats in and out."""
