# SPDX-License-Identifier: Apache-2.0
"""Which tests failed, read off what their runner prints: pytest, testtools, unittest, subunit."""

import re
import struct
from collections.abc import Iterator

#: `FAILED tests/test_a.py::Case::test_b - AssertionError`
_PYTEST = re.compile(r"^(?:FAILED|ERROR) (\S+::.+?)(?: - .*)?$", re.M)
#: `FAIL: test_b (tests.test_a.Case)`, `ERROR: tests.test_a.Case.test_b`
_UNITTEST = re.compile(
    r"^(?:FAIL|ERROR|UNEXPECTED SUCCESS): (?P<name>[\w.]+)(?: \((?P<case>[\w.]+)\))?\s*$", re.M
)
#: `failure: tests.test_a.Case.test_b [`
_SUBUNIT = re.compile(r"^(?:failure|error|uxsuccess): (\S+\.\S+)(?: \[.*)?$", re.M)
_PACKET = b"\xb3"
_FAILED = {4, 6}


def failed_tests(said: bytes) -> frozenset[str]:
    """The names of the failed tests in what a test runner printed; none if none is understood."""
    found = set(_of_packets(said))
    text = said.decode("utf-8", "replace")
    found |= set(_PYTEST.findall(text)) | set(_SUBUNIT.findall(text))
    for match in _UNITTEST.finditer(text):
        name, case = match.group("name", "case")
        # Python 3.11 names the method twice, Python 2 does not
        whole = name if case is None else case
        found.add(whole if whole.endswith(name) else f"{case}.{name}")
    return frozenset(found)


def _of_packets(said: bytes) -> Iterator[str]:
    """The failed tests of a subunit stream of version 2."""
    place = said.find(_PACKET)
    while place >= 0:
        packet = _packet(said, place)
        if packet is None:
            place = said.find(_PACKET, place + 1)
            continue
        length, flags, test = packet
        if flags & 7 in _FAILED and test:
            yield test
        place = said.find(_PACKET, place + length)


def _packet(said: bytes, place: int) -> tuple[int, int, str] | None:
    """The length, the flags and the test of a packet; None where there is none."""
    try:
        (flags,) = struct.unpack_from(">H", said, place + 1)
        if flags >> 12 != 2:
            return None
        length, at = _number(said, place + 3)
        if flags & 0x0200:
            at = _number(said, at + 4)[1]
        if not flags & 0x0800:
            return length, flags, ""
        size, at = _number(said, at)
    except (struct.error, IndexError):
        return None
    return max(length, 1), flags, said[at : at + size].decode("utf-8", "replace")


def _number(said: bytes, place: int) -> tuple[int, int]:
    """A number whose first two bits say in how many bytes it is written, and where it ends."""
    size = (said[place] >> 6) + 1
    value = int.from_bytes(said[place : place + size], "big")
    return value & ((1 << (8 * size - 2)) - 1), place + size
