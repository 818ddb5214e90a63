# SPDX-License-Identifier: Apache-2.0
"""The features that made-up programs do without for now, each with what is wrong with it.

A feature goes out of this table when programs that have it answer the same after their rewrite as
before. Its smallest program is in `test_kept.py`.
"""

from made_up import FEATURES

OFF = {
    "refused_column": "instance_update() refuses columns that save() stores",
}

#: What the default programs are made of.
ON = FEATURES - OFF.keys()
