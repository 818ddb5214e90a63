"""Edits as data: conflicts, application, layout, imports, verification."""
