"""The tables, as the rewriter reads them."""


def Column(*args, **kwargs):
    return args


class Integer(object):
    pass


class Text(object):
    pass


class ComputeNode(object):
    id = Column(Integer)
    service_id = Column(Integer)
    vcpus = Column(Integer)
    memory_mb = Column(Integer)
    memory_mb_used = Column(Integer)
    hypervisor_hostname = Column(Text)
    stats = Column(Text)
    pci_stats = Column(Text)
