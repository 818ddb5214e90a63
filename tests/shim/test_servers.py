# SPDX-License-Identifier: Apache-2.0
"""Which servers the tests had, and what was left out without them."""

import pytest
import stores


@pytest.mark.parametrize("report", sorted(stores.VARIABLES))
def test_server_is_configured(report: str) -> None:
    if not stores.is_configured(report):
        count = stores.LEFT_OUT.get(report, 0)
        pytest.skip(
            f"{stores.VARIABLES[report]} names no {report} server: {count} tests that need one "
            "were left out; tests/shim/start-services starts one"
        )
    assert stores.LEFT_OUT.get(report) is None
