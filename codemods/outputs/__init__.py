"""What a run leaves behind; everything here is made from one RunResult."""
