"""`python -m codemods` is the command."""

from codemods.cli import main

main(prog_name="codemods")
