"""FHIR: a resource in, the same resource with its patient version out; and what a store of reports must offer to be read by FHIR."""
