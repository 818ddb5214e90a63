"""A page for whoever reviews a series: one file that opens from disk."""
