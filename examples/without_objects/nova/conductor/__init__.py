"""The dict API of the conductor: the shim's, on the database of the process."""

from nova import exception
from shim import exception as shim_exception
from shim.conductor import API

__all__ = ['API']

# its exceptions are caught as the program's own
shim_exception.adopt(vars(exception))
