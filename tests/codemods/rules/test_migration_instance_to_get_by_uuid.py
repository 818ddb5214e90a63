# SPDX-License-Identifier: Apache-2.0
"""The long tail of `migration['instance']`."""

import pathlib
import textwrap

import pytest
from sources import WITHOUT_OBJECTS
from tables import assert_same_text, check_left, check_not_known, check_rewritten, method_outcome

RULE = "migration_instance_to_get_by_uuid"

MIGRATIONS = """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
"""

MIGRATIONS_AFTER = """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
"""

#: What `x = m['instance']` becomes, in a loop.
QUERY = """\
    try:
        x = objects.Instance.get_by_uuid(
            context.elevated(read_deleted='no'), m.instance_uuid,
            expected_attrs=['system_metadata'])
    except exception.InstanceNotFound:
        x = None
"""

#: And where the loop keeps what it finds.
QUERY_ONCE = """\
    if m.instance_uuid not in instances_by_uuid:
        try:
            x = objects.Instance.get_by_uuid(
                context.elevated(read_deleted='no'), m.instance_uuid,
                expected_attrs=['system_metadata'])
        except exception.InstanceNotFound:
            x = None
        instances_by_uuid[m.instance_uuid] = x
    x = instances_by_uuid[m.instance_uuid]
"""

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
            context.elevated(read_deleted='no'), m.instance_uuid,
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
            context.elevated(read_deleted='no'), m.instance_uuid,
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
    LOG.debug(x)
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
for m in migrations:
    # may be gone
    try:
        x = objects.Instance.get_by_uuid(
            context.elevated(read_deleted='no'), m.instance_uuid,
            expected_attrs=['system_metadata'])
    except exception.InstanceNotFound:
        x = None
    LOG.debug(x)
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
                context.elevated(read_deleted='no'), m.instance_uuid,
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
instances_by_uuid = {}
for m in migrations:
    if m.instance_uuid not in instances_by_uuid:
        try:
            x = objects.Instance.get_by_uuid(
                context.elevated(read_deleted='no'), m.instance_uuid,
                expected_attrs=['system_metadata'])
        except exception.InstanceNotFound:
            x = None
        instances_by_uuid[m.instance_uuid] = x
    x = instances_by_uuid[m.instance_uuid]
    if not x:
        continue
for m in migrations:
    print instances_by_uuid[m.instance_uuid].uuid
""",
        id="in two loops",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
instances_by_uuid = {}
for m in migrations:
    x = m['instance']
for m in migrations:
    LOG.debug(m['instance'])
return instances_by_uuid
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
instances_by_uuid = {}
instances_by_uuid_2 = {}
for m in migrations:
    if m.instance_uuid not in instances_by_uuid_2:
        try:
            x = objects.Instance.get_by_uuid(
                context.elevated(read_deleted='no'), m.instance_uuid,
                expected_attrs=['system_metadata'])
        except exception.InstanceNotFound:
            x = None
        instances_by_uuid_2[m.instance_uuid] = x
    x = instances_by_uuid_2[m.instance_uuid]
for m in migrations:
    LOG.debug(instances_by_uuid_2[m.instance_uuid])
return instances_by_uuid
""",
        id="name of the dict is taken",
    ),
]

#: What follows on the line that gets the migrations, before and after.
REWRITTEN_BEHIND = [
    pytest.param(
        """\
for m in migrations:
    x = (m or None)['instance']
""",
        "for m in migrations:\n" + QUERY.replace("'no'), m.i", "'no'),\n            (m or None).i"),
        id="of an expression in parentheses",
    ),
    pytest.param(
        """\
for m in migrations:
    x = m[  # the one that moves
        'instance']
""",
        f"for m in migrations:\n    # the one that moves\n{QUERY}",
        id="comment inside",
    ),
    pytest.param(
        """\
x = migrations[0]['instance']
""",
        textwrap.dedent(QUERY).replace("'no'), m.i", "'no'),\n        migrations[0].i"),
        id="not in a loop",
    ),
    pytest.param(
        """\
latest = {}

# the latest of each instance
for m in migrations:

    x = m['instance']

    if x:
        latest[x['uuid']] = m
for m in latest.values():
    # it was there
    x = m['instance']
    print x['uuid']
""",
        f"""\
latest = {{}}
instances_by_uuid = {{}}

# the latest of each instance
for m in migrations:

{QUERY_ONCE}
    if x:
        latest[x.uuid] = m
for m in latest.values():
    # it was there
    x = instances_by_uuid[m.instance_uuid]
    print x.uuid
""",
        id="again, of those that the loop put into a dict",
    ),
    pytest.param(
        """\
found = []
for m in migrations:
    x = m['instance']
    if not x:
        break
    found.append(m)
return [m['instance'] for m in found]
""",
        f"""\
found = []
instances_by_uuid = {{}}
for m in migrations:
{QUERY_ONCE}    if not x:
        break
    found.append(m)
return [instances_by_uuid[m.instance_uuid] for m in found]
""",
        id="again, of those that the loop put into a list",
    ),
    pytest.param(
        """\
print len(migrations)

# all that move
for m in migrations:
    x = m['instance']
    if x:
        print m['instance']['uuid']
""",
        f"""\
print len(migrations)

instances_by_uuid = {{}}
# all that move
for m in migrations:
{QUERY_ONCE}    if x:
        print instances_by_uuid[m.instance_uuid].uuid
""",
        id="again in the loop, which follows no assignment",
    ),
    pytest.param(
        """\
for m in migrations: x = m['instance']
for m in migrations: LOG.debug(m['instance'])
""",
        f"""\
instances_by_uuid = {{}}
for m in migrations:
{QUERY_ONCE}for m in migrations: LOG.debug(instances_by_uuid[m.instance_uuid])
""",
        id="in two loops, each on one line",
    ),
]

#: What follows on that line where the call stays: the object has no answer of the row's shape.
KEPT = [
    pytest.param(
        """\
for m in migrations:
    x = m['instance']
for m in values:
    print m
for m in self.migrations(migrations):
    print m
for m in self.conductor_api.migration_get_in_progress_by_host_and_node(
        context, host, host):
    print m['instance']
""",
        id="again, of others",
    ),
    pytest.param(
        """\
for m in migrations:
    x = m['instance']
    if not x:
        break
for m in migrations:
    print m['instance']
""",
        id="again, where the first loop may have ended early",
    ),
    pytest.param(
        """\
for m in migrations:
    x = m['instance']
migrations = migrations[1:]
for m in migrations:
    print m['instance']
""",
        id="again, of another list of that name",
    ),
    pytest.param(
        """\
for m in migrations:
    x = m['instance']
self.complete(migrations)
for m in migrations:
    print m['instance']
""",
        id="again, of a list that somebody else had in between",
    ),
    pytest.param(
        """\
if host:
    for m in migrations:
        x = m['instance']
for m in migrations:
    print m['instance']
""",
        id="again, where the first loop may not have run",
    ),
    pytest.param(
        """\
latest = {}
latest['first'] = migrations[0]
for m in migrations:
    x = m['instance']
    latest['last'] = m
for m in latest.values():
    print m['instance']
""",
        id="again, of those that something else put into a dict, too",
    ),
    pytest.param(
        """\
for m in migrations:
    x = m['instance']
    for m in migrations:
        print m['instance']
""",
        id="again, before the first loop has come to them",
    ),
    pytest.param(
        """\
for m in migrations:
    x = m['instance']
    def later():
        return m['instance']
    print later
""",
        id="again, in another function without a context",
    ),
    pytest.param(
        """\
for m in migrations:
    x = m.get('instance', self.none())
""",
        id="by get() with a default that does something",
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


@pytest.mark.parametrize(("before", "after"), REWRITTEN_BEHIND)
def test_rewritten_behind_the_call(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, MIGRATIONS + before, MIGRATIONS_AFTER + after)


@pytest.mark.parametrize("after", KEPT)
def test_row_stays_where_its_instance_is_not_asked_for_once(after: str, tmp_path: pathlib.Path):
    getter = "conductor_getter_to_object_getter"
    check_left(tmp_path, getter, MIGRATIONS + after, None, "relation.unreadable")


def test_shim_has_the_instance_or_none(tmp_path: pathlib.Path):
    before = f"{MIGRATIONS}return [m.get('instance') or m['instance'] for m in migrations]\n"
    lines, found = method_outcome(tmp_path, before, WITHOUT_OBJECTS)
    after = f"{MIGRATIONS_AFTER}return [m.instance or m.instance for m in migrations]\n"
    assert_same_text(lines, after)
    assert RULE in found.rules
