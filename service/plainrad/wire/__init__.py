"""The hospital's own languages over a wire: MLLP with its spool, watched folders, and DICOM; what is read and written is in `formats`."""
