"""Nova's compute objects, for rewritten code to run on where there is no nova."""
