"""Who asks."""


class RequestContext(object):

    def __init__(self, is_admin=False):
        self.is_admin = is_admin

    def elevated(self):
        return RequestContext(is_admin=True)


def get_admin_context():
    return RequestContext(is_admin=True)
