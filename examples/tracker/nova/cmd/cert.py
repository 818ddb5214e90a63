"""Start a service that has nothing to do with compute nodes."""

import sys

from nova import config
from nova import service


def main():
    config.parse_args(sys.argv)
    server = service.Service.create(binary='nova-cert', topic='cert')
    service.serve(server)
    return server
