"""The base of the unit tests."""

import unittest

from nova import db
from nova import objects

# the decorators of the unit tests name them before any test runs
objects.register_all()


class Stubs(object):

    def __init__(self, case):
        self.case = case

    def Set(self, owner, name, fake):
        self.case.addCleanup(setattr, owner, name, getattr(owner, name))
        setattr(owner, name, fake)


class TestCase(unittest.TestCase):

    def setUp(self):
        super(TestCase, self).setUp()
        db.reset()
        self.stubs = Stubs(self)
