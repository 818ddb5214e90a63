"""Who asks: the context that the conductor and the objects want."""

from shim.context import RequestContext
from shim.context import get_admin_context

__all__ = ['RequestContext', 'get_admin_context']
