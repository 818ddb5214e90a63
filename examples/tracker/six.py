"""What the example needs of six."""

text_type = str
