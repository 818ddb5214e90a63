"""Python source as bytes with a tree over them: parsing, positions, rendering."""
