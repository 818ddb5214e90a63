"""Where nova's unit tests find mock, which is a part of Python by now."""

from unittest.mock import ANY
from unittest.mock import Mock
from unittest.mock import patch

__all__ = ['ANY', 'Mock', 'patch']
