# SPDX-License-Identifier: Apache-2.0
"""The long tail of times that are compared."""

import pathlib

import pytest
from tables import check_left, check_not_known, check_rewritten

RULE = "updated_at_comparison_to_none_safe"

REWRITTEN = [
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return a['updated_at'] >= b['updated_at']
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return (b.updated_at is None or
        (a.updated_at is not None and a.updated_at >= b.updated_at))
""",
        id="later or the same",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return a['updated_at'] > b['updated_at']
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return (a.updated_at is not None and
        (b.updated_at is None or a.updated_at > b.updated_at))
""",
        id="later",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return a['updated_at'] <= b['updated_at']
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return (a.updated_at is None or
        (b.updated_at is not None and b.updated_at >= a.updated_at))
""",
        id="earlier or the same",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return not a['created_at'] < b['created_at']
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return not (b.created_at is not None and
            (a.created_at is None or b.created_at > a.created_at))
""",
        id="earlier, negated",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return a.get('updated_at') >= b.get('updated_at')
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return (b.updated_at is None or
        (a.updated_at is not None and a.updated_at >= b.updated_at))
""",
        id="by get()",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
if not b or a['updated_at'] >= b['updated_at']:
    return a
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
if (not b or b.updated_at is None or
        (a.updated_at is not None and a.updated_at >= b.updated_at)):
    return a
""",
        id="last of the conditions",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
if host:
    pass
elif not b or a['updated_at'] >= b['updated_at']:
    return a
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
if host:
    pass
elif (not b or b.updated_at is None or
      (a.updated_at is not None and a.updated_at >= b.updated_at)):
    return a
""",
        id="an elif",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
if a['updated_at'] >= b['updated_at'] or b['updated_at'] >= a['updated_at']:
    return a
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
if (b.updated_at is None or
        (a.updated_at is not None and a.updated_at >= b.updated_at) or
        a.updated_at is None or
        (b.updated_at is not None and b.updated_at >= a.updated_at)):
    return a
""",
        id="twice in one condition",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
if (not b or  # first
        a['updated_at'] >= b['updated_at']):
    return a
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
if (not b or  # first
        b.updated_at is None or (a.updated_at is not None and
                                 a.updated_at >= b.updated_at)):
    return a
""",
        id="comment among the conditions",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
if b and a['updated_at'] >= b['updated_at']: return a
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
if (b and
        (b.updated_at is None or
         (a.updated_at is not None and
          a.updated_at >= b.updated_at))): return a
""",
        id="and",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
while a['updated_at'] >= b['updated_at']: pass
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
while (b.updated_at is None or
       (a.updated_at is not None and
        a.updated_at >= b.updated_at)): pass
""",
        id="while",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
x = (a['updated_at'] > b['updated_at'])  # the later one
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
x = (
    a.updated_at is not None and
    (b.updated_at is None or
     a.updated_at > b.updated_at))  # the later one
""",
        id="parenthesised, comment behind",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return host or host and a['id'] or a['updated_at'] < b['updated_at'] or None
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return (host or host and a.id or b.updated_at is not None and
        (a.updated_at is None or b.updated_at > a.updated_at) or None)
""",
        id="among other operations, which keep their parentheses or none",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
return (a or migrations[1])['updated_at'] >= a.get('updated_at', None)
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
return (
    a.updated_at is None or
    ((a or migrations[1]).updated_at is not None and
     (a or migrations[1]).updated_at >= a.updated_at))
""",
        id="owner is an operation",
    ),
]

#: Known, not sure: the place stays, and is listed with the reason code.
LEFT = [
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
if host:
    b = values
return a['updated_at'] >= b['updated_at']
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
if host:
    b = values
return a.updated_at >= b['updated_at']
""",
        "value.time",
        id="mixed",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
return a['updated_at'] >= a.get('updated_at', self.now())
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
return a.updated_at >= a.get('updated_at', self.now())
""",
        "value.time",
        id="default is a call",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return a['updated_at'] <= b['updated_at'] <= a['created_at']
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return a.updated_at <= b.updated_at <= a.created_at
""",
        "value.time",
        id="three times",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
service = self.conductor_api.service_get_by_compute_host(context, host)
return a['updated_at'] > service['updated_at']
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
service = objects.Service.get_by_compute_host(context, host)
return a.updated_at > service.updated_at
""",
        "value.time",
        id="rows of two tables",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
try:
    pass
except ValueError as a:
    return a['updated_at'] >= a['created_at']
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
try:
    pass
except ValueError as a:
    return a['updated_at'] >= a['created_at']
""",
        "value.time",
        id="exception under the name",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return [a['updated_at'] >= b['updated_at'] for a, b in values]
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return [a['updated_at'] >= b['updated_at'] for a, b in values]
""",
        "value.time",
        id="names of a comprehension",
    ),
]

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return a['updated_at'] == b['updated_at']
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return a.updated_at == b.updated_at
""",
        id="equality",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return a['updated_at'] is None
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return a.updated_at is None
""",
        id="with None",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return a['status'] >= b['status']
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return a.status >= b.status
""",
        id="other fields",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return values['updated_at'] >= host['updated_at']
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return values['updated_at'] >= host['updated_at']
""",
        id="other dicts",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
is_newer = lambda a, b: a['updated_at'] >= b['updated_at']
return is_newer(values, values)
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
is_newer = lambda a, b: a['updated_at'] >= b['updated_at']
return is_newer(values, values)
""",
        id="parameters of a lambda",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
def is_newer(a, b):
    return a['updated_at'] >= b['updated_at']
return is_newer(values, host)
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
def is_newer(a, b):
    return a['updated_at'] >= b['updated_at']
return is_newer(values, host)
""",
        id="parameters of a function within",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
class Inner(object):
    a = b = {}
    x = a['updated_at'] >= b['updated_at']
return Inner
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
class Inner(object):
    a = b = {}
    x = a['updated_at'] >= b['updated_at']
return Inner
""",
        id="names of a class",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
a = values
b = values
return a['updated_at'] >= b['updated_at']
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
a = values
b = values
return a['updated_at'] >= b['updated_at']
""",
        id="names bound to other dicts",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
for a, b in values:
    print a['updated_at'] >= b['updated_at']
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
for a, b in values:
    print a['updated_at'] >= b['updated_at']
""",
        id="names of a loop",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = [one['updated_at'] for one in migrations]
return a[0] >= a[1]
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = [one.updated_at for one in migrations]
return a[0] >= a[1]
""",
        id="times under a name",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return a['updated_at'] >= self.started
""",
        None,
        id="another time",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return a['updated_at'] > '2014-01-01'
""",
        None,
        id="time as text",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return self.parse(a['updated_at']) >= self.parse(b['updated_at'])
""",
        None,
        id="parsed times",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return a['launched_at'] >= b['launched_at']
""",
        None,
        id="times that are no fields",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
return cmp(a['updated_at'], b['updated_at'])
""",
        None,
        id="order by a function",
    ),
    pytest.param(
        """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
'''a['updated_at'] >= b['updated_at']'''  # a['updated_at'] >= b['updated_at']
""",
        """\
migrations = objects.MigrationList.get_in_progress_by_host_and_node(
    context, host, host)
a = migrations[0]
b = migrations[1]
'''a['updated_at'] >= b['updated_at']'''  # a['updated_at'] >= b['updated_at']
""",
        id="comment and text",
    ),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, before, after)


@pytest.mark.parametrize(("before", "after", "because"), LEFT)
def test_left_and_listed(before: str, after: str | None, because: str, tmp_path: pathlib.Path):
    check_left(tmp_path, RULE, before, after, because)


@pytest.mark.parametrize(("before", "after"), NOT_KNOWN)
def test_nothing_for_the_rule(before: str, after: str | None, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, before, after)
