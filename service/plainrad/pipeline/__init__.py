"""Text -> Reading, with spaCy. Nothing of spaCy leaves this package."""
