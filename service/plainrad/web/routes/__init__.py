"""The routes of the staff pages."""
