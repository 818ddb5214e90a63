# SPDX-License-Identifier: Apache-2.0
"""What a run leaves behind; everything here is made from one RunResult."""
