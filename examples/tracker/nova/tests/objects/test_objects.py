"""The objects say which versions of others they hold."""

from nova import objects
from nova import test

object_relationships = {
    'ComputeNodeList': {'ComputeNode': '1.1'},
    'MigrationList': {'Migration': '1.0'},
    'ServiceList': {'Service': '1.0'},
}


class TestObjectVersions(test.TestCase):

    def test_relationships(self):
        for holder in object_relationships:
            for child, version in object_relationships[holder].items():
                self.assertTrue(hasattr(objects, holder))
                self.assertEqual(version, getattr(objects, child).VERSION)
