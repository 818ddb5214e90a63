"""The configuration."""


def parse_args(argv):
    return argv[1:]
