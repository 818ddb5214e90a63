# SPDX-License-Identifier: Apache-2.0
"""Find the failed tests in the output of a test runner: pytest, testtools, unittest, subunit."""

import io
import re

from codemods.errors import MissingExtra

#: `FAILED tests/test_a.py::Case::test_b - AssertionError`
_PYTEST = re.compile(r"^(?:FAILED|ERROR) (\S+::.+?)(?: - .*)?$", re.M)
#: `FAIL: test_b (tests.test_a.Case)`, `ERROR: tests.test_a.Case.test_b`
_UNITTEST = re.compile(
    r"^(?:FAIL|ERROR|UNEXPECTED SUCCESS): (?P<name>[\w.]+)(?: \((?P<case>[\w.]+)\))?\s*$", re.M
)
#: `failure: tests.test_a.Case.test_b [`
_SUBUNIT = re.compile(r"^(?:failure|error|uxsuccess): (\S+\.\S+)(?: \[.*)?$", re.M)
#: The start of a subunit packet: the signature and the version.
_PACKET = re.compile(rb"\xb3[\x20-\x2f]")
_FAILED = {"fail", "uxsuccess"}
#: The name of the test that subunit reports as failed if a packet is broken.
_PARSER = "subunit.parser"


def failed_tests(said: bytes) -> frozenset[str]:
    """The names of the failed tests in a test runner's output; none if none is recognized.

    Raises `MissingExtra` if the output is a subunit stream and python-subunit is missing.
    """
    found = _of_packets(said)
    text = said.decode("utf-8", "replace")
    found |= set(_PYTEST.findall(text)) | set(_SUBUNIT.findall(text))
    for match in _UNITTEST.finditer(text):
        name, case = match.group("name", "case")
        # Python 3.11 names the method twice, Python 2 does not
        whole = name if case is None else case
        found.add(whole if whole.endswith(name) else f"{case}.{name}")
    return frozenset(found)


class _Results:
    """Collects the statuses of tests, with the interface of a `testtools.StreamResult`."""

    def __init__(self) -> None:
        self.said: dict[str, set[str | None]] = {}

    def status(
        self, test_id: str | None = None, test_status: str | None = None, **_: object
    ) -> None:
        """Record the status of a test; events without a test are ignored."""
        if test_id is not None:
            self.said.setdefault(test_id, set()).add(test_status)


def _of_packets(said: bytes) -> set[str]:
    """The failed tests in a subunit stream of version 2; raises `MissingExtra`."""
    if not _PACKET.search(said) or _is_text(said):
        return set()
    try:
        from subunit import ByteStreamToStreamResult
    except ImportError:
        raise MissingExtra(
            "the command prints a subunit stream, which python-subunit reads: "
            "pip install 'nova-objects-codemods[verify]'"
        ) from None
    results = _Results()
    ByteStreamToStreamResult(io.BytesIO(said), "said").run(results)
    if results.said.keys() <= {_PARSER}:
        # not a single valid packet: it only looked like a stream
        return set()
    return {test for test, statuses in results.said.items() if statuses & _FAILED}


def _is_text(said: bytes) -> bool:
    """Whether the output is UTF-8, so that the start byte of a packet is part of a character."""
    try:
        said.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
