"""Rewrite nova's conductor dict calls to calls on versioned objects."""

__version__ = "0.1.0"
