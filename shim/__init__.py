# SPDX-License-Identifier: Apache-2.0
"""Nova's compute objects, for rewritten code to run on where there is no nova."""

import warnings

from shim import needed

needed.require()

from oslo_service import backend  # noqa: E402

# Where the process has not chosen how oslo.service runs its threads, they are real ones: the
# library's own default is eventlet, which it calls deprecated.
backend.register_backend_default_hook(lambda: backend.BackendType.THREADING)

# The thread backend looks whether eventlet is there, and eventlet complains of being looked at.
with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    import oslo_messaging  # noqa: F401
