"""Rooms of the hospital's own languages, beside the REST interface: what is read and written by `formats` goes over a wire here."""
