"""DICOM over the network and from files: a report comes in, is on disk before it is acknowledged, and its patient version goes out."""
