"""DICOM: structured reports in, and the patient version as Encapsulated PDF and as a text report of the same study out (extra `dicom`).

Nothing here opens a file or a connection: bytes and values in, bytes and values out. See `plainrad.wire.dicom` for the network.
"""
