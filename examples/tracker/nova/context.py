"""Who asks."""


class RequestContext(object):

    def __init__(self, is_admin=False, read_deleted='no'):
        self.is_admin = is_admin
        self.read_deleted = read_deleted

    def elevated(self, read_deleted=None):
        return RequestContext(True, read_deleted or self.read_deleted)


def get_admin_context():
    return RequestContext(is_admin=True)
