"""Plainrad: explains finalised radiology reports to patients, beside the untouched original."""

__version__ = "0.1.0"
