"""Frozen values that travel between the rooms of the house. Standard library only."""
