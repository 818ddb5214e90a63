# SPDX-License-Identifier: Apache-2.0
"""Run under Python 2.7 in a nova 2015.1.0 tree: kilo_probes.py on nova's own objects.

    kilo_peer.py CONFIG

Prints what came of them as JSON on the last line.
"""

import json
import sys
import warnings

warnings.filterwarnings('ignore')

from nova import config  # noqa: E402
from nova import context  # noqa: E402
from nova.db.sqlalchemy import api  # noqa: E402
from nova.db.sqlalchemy import models  # noqa: E402
from nova import objects  # noqa: E402

import kilo_probes  # noqa: E402


def main(path):
    config.parse_args(['nova', '--config-file', path])
    objects.register_all()
    ctx = context.get_admin_context()
    engine = api.get_engine()
    found = {}
    for name in sorted(kilo_probes.of_kilo(objects, ctx)):
        models.BASE.metadata.drop_all(engine)
        models.BASE.metadata.create_all(engine)
        kilo_probes.fill(objects, ctx)
        found[name] = kilo_probes.of_kilo(objects, ctx)[name]()
    return found


if __name__ == '__main__':
    print('\n' + json.dumps(main(sys.argv[1]), default=list))
