"""FHIR R4: DiagnosticReports and Bundles in, the same resources with a patient version out.

A resource stays the JSON that was sent: it is read through small functions and given additions, never taken apart and rebuilt. So what
we do not know survives. fhir.resources (extra `fhir`) only says whether it is well formed.
"""
