"""Odds and ends."""


def convert_version_to_tuple(version):
    return tuple(int(part) for part in version.split('.'))
