"""The long tail of `migration['instance']`."""

import pathlib

import pytest
from tables import check_not_known, check_rewritten

RULE = "migration_instance_to_get_by_uuid"

REWRITTEN = [
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
for m in migrations:
    instance = m.get('instance')
    if not instance:
        continue
    print instance['uuid']
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
for m in migrations:
    try:
        instance = objects.Instance.get_by_uuid(
            context, m.instance_uuid,
            expected_attrs=['system_metadata'])
    except exception.InstanceNotFound:
        instance = None
    if not instance:
        continue
    print instance.uuid
""",
        id="by get()",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
for m in migrations:
    x = m['instance']; y = 2
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
for m in migrations:
    try:
        x = objects.Instance.get_by_uuid(
            context, m.instance_uuid,
            expected_attrs=['system_metadata'])
    except exception.InstanceNotFound:
        x = None
    y = 2
""",
        id="semicolon",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
for m in migrations:
    x = m['instance']  # may be gone
    print x
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
for m in migrations:
    # may be gone
    try:
        x = objects.Instance.get_by_uuid(
            context, m.instance_uuid,
            expected_attrs=['system_metadata'])
    except exception.InstanceNotFound:
        x = None
    print x
""",
        id="comment behind",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
for m in migrations:
    if host: x = m['instance']
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
for m in migrations:
    if host:
        try:
            x = objects.Instance.get_by_uuid(
                context, m.instance_uuid,
                expected_attrs=['system_metadata'])
        except exception.InstanceNotFound:
            x = None
""",
        id="only statement of a block",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
for m in migrations:
    x = m['instance']
    if not x:
        continue
for m in migrations:
    print m['instance']['uuid']
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
instances = {}
for m in migrations:
    try:
        x = objects.Instance.get_by_uuid(
            context, m.instance_uuid,
            expected_attrs=['system_metadata'])
    except exception.InstanceNotFound:
        x = None
    instances[m.instance_uuid] = x
    if not x:
        continue
for m in migrations:
    print instances[m.instance_uuid].uuid
""",
        id="in two loops",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
instances = {}
for m in migrations:
    x = m['instance']
for m in migrations:
    print m['instance']
return instances
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
instances = {}
instances_obj = {}
for m in migrations:
    try:
        x = objects.Instance.get_by_uuid(
            context, m.instance_uuid,
            expected_attrs=['system_metadata'])
    except exception.InstanceNotFound:
        x = None
    instances_obj[m.instance_uuid] = x
for m in migrations:
    print instances_obj[m.instance_uuid]
return instances
""",
        id="name of the cache is taken",
    ),
]

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
for m in migrations:
    if m['instance']:
        print m
""",
        None,
        id="in an expression",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
return [m['instance'] for m in migrations]
""",
        None,
        id="comprehension",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
for m in migrations:
    x = y = m['instance']
""",
        None,
        id="two targets",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
for m in migrations:
    self.x = m['instance']
""",
        None,
        id="to an attribute",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
m = migrations[0]
x = m['instance']
y = m['instance']
return x, y
""",
        None,
        id="again in the same block",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
for m in migrations:
    m['instance'] = host
""",
        None,
        id="stored",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
for m in migrations:
    del m['instance']
""",
        None,
        id="deleted",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
for m in migrations:
    if host:
        m = values
    x = m['instance']
""",
        None,
        id="mixed",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
for m in migrations:
    x = m['instance_uuid']
    print x
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
for m in migrations:
    x = m.instance_uuid
    print x
""",
        id="another key",
    ),
    pytest.param(
        """\
x = values['instance']
return x.get('instance')
""",
        None,
        id="another dict",
    ),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, before, after)


@pytest.mark.parametrize(("before", "after"), NOT_KNOWN)
def test_nothing_for_the_rule(before: str, after: str | None, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, before, after)
