# SPDX-License-Identifier: Apache-2.0
"""Where the lines of a rewritten statement end."""

# too long is what they are here to be
# ruff: noqa: E501

import ast
import dataclasses
import io
import tokenize

import libcst as cst
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codemods.rewriting.comments import WIDTH
from codemods.rewriting.layout import laid_out
from codemods.rewriting.lines.headers import bare
from codemods.rewriting.lines.printed import Printed

#: The whole statement is new.
NEW = None


def overlong(statement: cst.BaseStatement, indent: str, is_elif: bool = False) -> list[str]:
    """The lines of the statement, or of a compound statement's headers, over 79 columns."""
    lines = Printed(bare(statement), indent, is_elif).lines()
    return [line for line in lines if len(line) > WIDTH]


@dataclasses.dataclass(frozen=True)
class Case:
    """A statement as it stands in its file, what of it was touched, and what becomes of it.

    `touched` are the texts of the nodes. Without `after` the statement stays.
    """

    name: str
    touched: tuple[str, ...] | None
    before: str
    after: str | None = None


CASES = [
    Case(
        "a call that fits stays",
        ("node.host",),
        """
        self.update(context, node.host,
                    values)
        """,
    ),
    Case(
        "a call that fits now in one line stays too",
        ("node.host",),
        """
        self.update(
            context, node.host)
        """,
    ),
    Case(
        "a line that was too long before is no reason",
        ("node.host",),
        """
        self.update(context, node.host,
                    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb)
        """,
    ),
    Case(
        "arguments are packed under the first",
        ("objects.ComputeNode.get_by_host_and_nodename",),
        """
        node = objects.ComputeNode.get_by_host_and_nodename(context, self.host, nodename)
        """,
        """
        node = objects.ComputeNode.get_by_host_and_nodename(context, self.host,
                                                            nodename)
        """,
    ),
    Case(
        "or four columns in where one does not fit there",
        ("objects.MigrationList.get_in_progress",),
        """
            migrations = objects.MigrationList.get_in_progress(context.elevated(), self.host)
        """,
        """
            migrations = objects.MigrationList.get_in_progress(
                context.elevated(), self.host)
        """,
    ),
    Case(
        "eight columns in in a header",
        ("objects.MigrationList.get_in_progress_by_host",),
        """
        for migration in objects.MigrationList.get_in_progress_by_host(context, self.host, node):
            pass
        """,
        """
        for migration in objects.MigrationList.get_in_progress_by_host(
                context, self.host, node):
            pass
        """,
    ),
    Case(
        "an argument too long for any line has a line of its own, if all is new",
        NEW,
        """
        self.save(context, 'a text that is too long for any line and that nobody may break in two', 1)
        """,
        """
        self.save(
            context,
            'a text that is too long for any line and that nobody may break in two',
            1)
        """,
    ),
    Case(
        "what cannot be helped stays as it is",
        ("self.save",),
        """
        self.save(context, 'a text that is too long for any line, and that nobody may break in two')
        """,
    ),
    Case(
        "a name that leaves no room moves to a line of its own",
        ("objects.compute_node.ComputeNodeList.get_by_hypervisor_type",),
        """
            self.nodes = objects.compute_node.ComputeNodeList.get_by_hypervisor_type(context, kind)
        """,
        """
            self.nodes = (
                objects.compute_node.ComputeNodeList.get_by_hypervisor_type(
                    context, kind))
        """,
    ),
    Case(
        "the lines of a call whose name has changed are packed anew",
        ("objects.Service.get_by_args",),
        """
        self.service = objects.Service.get_by_args(ctxt,
                                                               self.host,
                                                               self.topic)
        """,
        """
        self.service = objects.Service.get_by_args(ctxt, self.host, self.topic)
        """,
    ),
    Case(
        "lines that hang behind an argument too",
        ("objects.Service.get_by_args",),
        """
        self.service = objects.Service.get_by_args(ctxt,
                self.host, self.topic)
        """,
        """
        self.service = objects.Service.get_by_args(ctxt, self.host, self.topic)
        """,
    ),
    Case(
        "lines that hang from the parenthesis stay",
        ("objects.Service.get_by_args",),
        """
        self.service = objects.Service.get_by_args(
                ctxt, self.host,
                self.topic)
        """,
    ),
    Case(
        "an argument alone does not bring a call into line",
        ("node.host",),
        """
        self.update(context, node.host,
                values)
        """,
    ),
    Case(
        "what stands behind the call counts",
        ("node.host",),
        """
        return self.helper.compare(context, node.host, other_node)[0].first  # both
        """,
        """
        return self.helper.compare(context, node.host,
                                   other_node)[0].first  # both
        """,
    ),
    Case(
        "a call within a call",
        NEW,
        """
        return obj_base.obj_to_primitive(objects.ComputeNodeList.get_by_service(context, service))
        """,
        """
        return obj_base.obj_to_primitive(
            objects.ComputeNodeList.get_by_service(context, service))
        """,
    ),
    Case(
        "both calls where it takes both",
        NEW,
        """
                return obj_base.obj_to_primitive(objects.ComputeNodeList.get_by_service(context, service_ref))[0]
        """,
        """
                return obj_base.obj_to_primitive(
                    objects.ComputeNodeList.get_by_service(context,
                                                           service_ref))[0]
        """,
    ),
    Case(
        "the inner call alone where that is enough",
        ("mock.call",),
        """
            update.assert_has_calls(mock.call(self.context, self.instance.uuid, mock.ANY, expected_task_state=task_states.ANY))
        """,
        """
            update.assert_has_calls(mock.call(
                self.context, self.instance.uuid, mock.ANY,
                expected_task_state=task_states.ANY))
        """,
    ),
    Case(
        "the first call of a chain where the last has no room",
        NEW,
        """
        db.instance_update_and_get_original(self.context, uuid, mox.IgnoreArg()).AndReturn((row, row))
        """,
        """
        db.instance_update_and_get_original(
            self.context, uuid, mox.IgnoreArg()).AndReturn((row, row))
        """,
    ),
    Case(
        "the last call of a chain where it has room",
        NEW,
        """
            objects.Service(id=self.service_id).destroy(context.get_admin_context())
        """,
        """
            objects.Service(id=self.service_id).destroy(
                context.get_admin_context())
        """,
    ),
    Case(
        "both calls of a chain",
        NEW,
        """
        super(ResourceTracker, self_with_quite_a_long_name_indeed).initialize_everything(*arguments, **keywords_and_values)
        """,
        """
        super(ResourceTracker,
              self_with_quite_a_long_name_indeed).initialize_everything(
            *arguments, **keywords_and_values)
        """,
    ),
    Case(
        "a chain that nothing else helps breaks before a dot",
        NEW,
        """
        capacity = self.scheduler_of_everything.host_manager.host_state_of_the_node.free_ram
        """,
        """
        capacity = (self.scheduler_of_everything.host_manager
                    .host_state_of_the_node.free_ram)
        """,
    ),
    Case(
        "alternatives break at their operators",
        ("node.host",),
        """
        is_ours = node.host == self.host and self.tracker.knows(node.nodename) or node.is_new
        """,
        """
        is_ours = (node.host == self.host and
                   self.tracker.knows(node.nodename) or node.is_new)
        """,
    ),
    Case(
        "a comparison",
        ("objects.Migration.get_by_id",),
        """
        return objects.Migration.get_by_id(context, migration_id) == self.tracked_migration
        """,
        """
        return (objects.Migration.get_by_id(context, migration_id) ==
                self.tracked_migration)
        """,
    ),
    Case(
        "a comparison with a constant is hardly more than its call",
        ("objects.Migration.get_by_instance",),
        """
        return objects.Migration.get_by_instance(context, instance_uuid, status) is not None
        """,
        """
        return objects.Migration.get_by_instance(context, instance_uuid,
                                                 status) is not None
        """,
    ),
    Case(
        "a sum",
        ("node.memory_mb_used",),
        """
        total = node.memory_mb_used + self.overhead(instance) - self.claims.memory_mb_total
        """,
        """
        total = (node.memory_mb_used + self.overhead(instance) -
                 self.claims.memory_mb_total)
        """,
    ),
    Case(
        "a conditional expression",
        ("existing.memory_mb_used",),
        """
        used = existing.memory_mb_used if existing is not None else self.default_memory_mb
        """,
        """
        used = (existing.memory_mb_used if existing is not None
                else self.default_memory_mb)
        """,
    ),
    Case(
        "a subscript of a subscript",
        ("self.compute_node.stats",),
        """
        instances = self.compute_node.stats['num_instances_by_state']['of_project']
        """,
        """
        instances = (
            self.compute_node.stats['num_instances_by_state']['of_project'])
        """,
    ),
    Case(
        "a tuple that is returned",
        ("node.free_disk_gb",),
        """
        return node.free_disk_gb, node.free_ram_mb, self.tracker.claims, self.tracker.limit
        """,
        """
        return (node.free_disk_gb, node.free_ram_mb, self.tracker.claims,
                self.tracker.limit)
        """,
    ),
    Case(
        "the test of an if keeps off the column of its body",
        ("migration.source_compute",),
        """
        if migration.source_compute == self.host and migration.source_node == self.nodename:
            pass
        """,
        """
        if (migration.source_compute == self.host and
                migration.source_node == self.nodename):
            pass
        """,
    ),
    Case(
        "the test of a while has its own column",
        ("migration.source_compute",),
        """
        while migration.source_compute == self.host and migration.source_node == self.node:
            pass
        """,
        """
        while (migration.source_compute == self.host and
               migration.source_node == self.node):
            pass
        """,
    ),
    Case(
        "an operation in a call",
        ("node.memory_mb",),
        """
        self.tracker.note_memory(node.memory_mb * CONF.ram_allocation_ratio - node.memory_mb_used)
        """,
        """
        self.tracker.note_memory(
            node.memory_mb * CONF.ram_allocation_ratio - node.memory_mb_used)
        """,
    ),
    Case(
        "an operation in a call that is too long for a line",
        ("node.memory_mb",),
        """
        self.note(node.memory_mb * CONF.ram_allocation_ratio - node.memory_mb_used - reserved_memory)
        """,
        """
        self.note(node.memory_mb * CONF.ram_allocation_ratio -
                  node.memory_mb_used - reserved_memory)
        """,
    ),
    Case(
        "a dict in a call",
        ("node.hypervisor_hostname",),
        """
        self.notify(context, {'host': node.host, 'hypervisor_hostname': node.hypervisor_hostname, 'free': 0})
        """,
        """
        self.notify(
            context,
            {'host': node.host,
             'hypervisor_hostname': node.hypervisor_hostname,
             'free': 0})
        """,
    ),
    Case(
        "a list in a call",
        ("node.host",),
        """
        self.check(context, [node.host, node.hypervisor_hostname, node.hypervisor_type, node.free_ram], 1)
        """,
        """
        self.check(
            context,
            [node.host, node.hypervisor_hostname, node.hypervisor_type,
             node.free_ram],
            1)
        """,
    ),
    Case(
        "a comprehension in a call",
        ("node.stats.items",),
        """
        self.assertEqual(dict((k, six.text_type(v)) for k, v in node.stats.items() if k in known), stats)
        """,
        """
        self.assertEqual(
            dict((k, six.text_type(v)) for k, v in node.stats.items()
                 if k in known),
            stats)
        """,
    ),
    Case(
        "a comprehension as a value",
        ("service.host",),
        """
        names = [service.host for service in self.services_of(context) if not service.disabled]
        """,
        """
        names = [service.host for service in self.services_of(context)
                 if not service.disabled]
        """,
    ),
    Case(
        "no lines further out than what follows on the last of them",
        ("six.text_type",),
        """
        self.assertEqual(dict((k, six.text_type(v)) for k, v in node.stats.items()), some_stats)
        """,
        """
        self.assertEqual(
            dict((k, six.text_type(v)) for k, v in node.stats.items()),
            some_stats)
        """,
    ),
    Case(
        "a lambda in a call",
        ("objects.Service.get_by_host_and_topic",),
        """
        self.stubs.Set(self, 'service', lambda ctxt, host: objects.Service.get_by_host_and_topic(ctxt, host))
        """,
        """
        self.stubs.Set(
            self,
            'service',
            lambda ctxt, host: objects.Service.get_by_host_and_topic(ctxt,
                                                                     host))
        """,
    ),
    Case(
        "strings that follow each other stay on lines of their own",
        ("node.host_name_that_is_long",),
        """
        self.logger_of_warnings.warning(_("The node %s of this host "
                                          "has gone"), node.host_name_that_is_long)
        """,
        """
        self.logger_of_warnings.warning(
            _("The node %s of this host "
              "has gone"),
            node.host_name_that_is_long)
        """,
    ),
    Case(
        "strings move with their bracket",
        ("log.warn",),
        """
        log.warn(_("The node %s of this host "
                      "has gone") % name,
                    kind)
        """,
        """
        log.warn(_("The node %s of this host "
                   "has gone") % name,
                 kind)
        """,
    ),
    Case(
        "a dict moves with its bracket",
        ("node.update",),
        """
        node.update({'host': host,
                           'vcpus': 1})
        """,
        """
        node.update({'host': host,
                     'vcpus': 1})
        """,
    ),
    Case(
        "what follows a shorter target moves",
        ("node.stats",),
        """
        node.stats = helper.stats_of(instances,
                                        claims)
        """,
        """
        node.stats = helper.stats_of(instances,
                                     claims)
        """,
    ),
    Case(
        "but not what hangs behind it",
        ("node.stats",),
        """
        node.stats = helper.stats_of(instances,
                claims)
        """,
    ),
    Case(
        "nor what is aligned with a bracket before it",
        ("node.stats",),
        """
        self.assertEqual(node.stats, "%s and %s" %
                         (instances, claims))
        """,
    ),
    Case(
        "comments move with the arguments that they stand by",
        ("node.update",),
        """
        node.update(context,  # of whoever asks
                          # the host comes first
                          host, 1)
        """,
        """
        node.update(context,  # of whoever asks
                    # the host comes first
                    host, 1)
        """,
    ),
    Case(
        "comments keep a call from being packed",
        ("node.update_the_resources_of_the_host_and_the_node",),
        """
        node.update_the_resources_of_the_host_and_the_node(context.elevated(),  # as admin
                                                           host)
        """,
        """
        node.update_the_resources_of_the_host_and_the_node(
            context.elevated(),  # as admin
            host)
        """,
    ),
    Case(
        "a hash in a string is no comment",
        ("self.service.get_by_host",),
        """
        self.service.get_by_host(context,
                    '# no comment')
        """,
        """
        self.service.get_by_host(context, '# no comment')
        """,
    ),
    Case(
        "a string of several lines is not changed inside",
        ("self.service.execute_statement_in_the_database",),
        '''
        self.service.execute_statement_in_the_database("""SELECT host
    FROM services""", context.elevated(), self.host)
        ''',
        '''
        self.service.execute_statement_in_the_database("""SELECT host
    FROM services""", context.elevated(), self.host)
        ''',
    ),
    Case(
        "what stands behind a string of several lines is laid out",
        ("self.host_of_the_service",),
        '''
        self.service.execute("""SELECT host
    FROM services WHERE host = ? AND topic = ?""", context.elevated(), self.host_of_the_service)
        ''',
        '''
        self.service.execute("""SELECT host
    FROM services WHERE host = ? AND topic = ?""", context.elevated(),
                             self.host_of_the_service)
        ''',
    ),
    Case(
        "a backslash before the call stays",
        ("objects.MigrationList.get_in_progress_by_host",),
        """
        migrations = \\
            objects.MigrationList.get_in_progress_by_host(context, self.host, self.nodename)
        """,
        """
        migrations = \\
            objects.MigrationList.get_in_progress_by_host(context, self.host,
                                                          self.nodename)
        """,
    ),
    Case(
        "a backslash in the call goes",
        ("objects.MigrationList.get_in_progress",),
        """
        migrations = objects.MigrationList.get_in_progress(context, not \\
                                                              finished)
        """,
    ),
    Case(
        "a decorator",
        ("mock.patch.object",),
        """
        @mock.patch.object(objects.Service, 'get_by_host_and_topic', return_value=[fake_service])
        def test_report(self, service):
            pass
        """,
        """
        @mock.patch.object(objects.Service, 'get_by_host_and_topic',
                           return_value=[fake_service])
        def test_report(self, service):
            pass
        """,
    ),
    Case(
        "a default",
        ("objects.ComputeNode",),
        """
        def report(self, context, node=objects.ComputeNode(host='a host', vcpus=1, memory=2)):
            pass
        """,
        """
        def report(self, context, node=objects.ComputeNode(host='a host',
                                                           vcpus=1, memory=2)):
            pass
        """,
    ),
    Case(
        "a with statement",
        ("mock.patch.object",),
        """
        with mock.patch.object(objects.Service, 'get_by_host', return_value=service) as get:
            pass
        """,
        """
        with mock.patch.object(objects.Service, 'get_by_host',
                               return_value=service) as get:
            pass
        """,
    ),
    Case(
        "an elif of an if",
        ("objects.Migration.get_by_instance",),
        """
        if migration:
            pass
        elif objects.Migration.get_by_instance(context, instance_uuid, 'finished', 1) is not None:
            pass
        """,
        """
        if migration:
            pass
        elif objects.Migration.get_by_instance(context, instance_uuid,
                                               'finished', 1) is not None:
            pass
        """,
    ),
    Case(
        "the body on the line of a header",
        ("node.save_everything_that_was_changed",),
        """
        if has_changed: node.save_everything_that_was_changed(context.elevated(), self.host)
        """,
        """
        if has_changed: node.save_everything_that_was_changed(
            context.elevated(), self.host)
        """,
    ),
    Case(
        "an argument on a line of its own, within brackets that stay",
        ("[rows] * 2",),
        """
        with contextlib.nested(
            mock.patch.object(db, 'instance_update_and_get_original', return_value=[rows] * 2),
            mock.patch.object(self.instance, 'save',
                side_effect=[self.instance, self.instance]),
        ) as (update, save):
            pass
        """,
        """
        with contextlib.nested(
            mock.patch.object(db, 'instance_update_and_get_original',
                              return_value=[rows] * 2),
            mock.patch.object(self.instance, 'save',
                side_effect=[self.instance, self.instance]),
        ) as (update, save):
            pass
        """,
    ),
    Case(
        "parentheses that are there are used, and stay",
        ("node.host",),
        """
        is_ours = (node.host == self.host and self.tracker.knows(node.nodename) or node.new)
        """,
        """
        is_ours = (node.host == self.host and
                   self.tracker.knows(node.nodename) or node.new)
        """,
    ),
    Case(
        "a comma at the end of a call that is laid out anew goes",
        ("self.service.create",),
        """
        self.service.create(context,
                     host,
                     [1,
                      2,
                      ],
                     )
        """,
        """
        self.service.create(context, host, [1, 2])
        """,
    ),
    Case(
        "a raise",
        ("exception.ComputeHostNotFoundInTheWholeOfTheCell",),
        """
                        raise exception.ComputeHostNotFoundInTheWholeOfTheCell(host=self.host)
        """,
        """
                        raise exception.ComputeHostNotFoundInTheWholeOfTheCell(
                            host=self.host)
        """,
    ),
    Case(
        "an assertion",
        ("node.host",),
        """
        assert node.host == self.host and node.hypervisor_hostname == self.nodename, node
        """,
        """
        assert (node.host == self.host and
                node.hypervisor_hostname == self.nodename), node
        """,
    ),
    Case(
        "a parameter that makes a line too long stands under the first",
        ("kwargs",),
        """
            def _update(self, context, uuid_of_the_changed_instances, values, **kwargs):
                pass
        """,
        """
            def _update(self, context, uuid_of_the_changed_instances, values,
                        **kwargs):
                pass
        """,
    ),
    Case(
        "or where the lines of the others do",
        ("kwargs",),
        """
            def _update(
                    self, context, uuid_of_the_changed_instances, values, **kwargs):
                pass
        """,
        """
            def _update(
                    self, context, uuid_of_the_changed_instances, values,
                    **kwargs):
                pass
        """,
    ),
]


def margin(text: str) -> str:
    line = text.lstrip("\n").split("\n", 1)[0]
    return line[: len(line) - len(line.lstrip())]


def framed(text: str) -> str:
    """A module in whose only block the statement stands."""
    return f"if here:\n{text}" if margin(text) else text


def first(module: cst.Module, indent: str) -> cst.BaseStatement:
    statement = module.body[0]
    if indent:
        assert isinstance(statement, cst.If)
        assert isinstance(statement.body, cst.IndentedBlock)
        statement = statement.body.body[0]
    assert isinstance(statement, cst.BaseStatement)
    return statement


def with_code(module: cst.Module, texts: tuple[str, ...]) -> set[cst.CSTNode]:
    found: set[cst.CSTNode] = set()

    class Finder(cst.CSTVisitor):
        def on_visit(self, node: cst.CSTNode) -> bool:
            if isinstance(node, cst.BaseExpression) and module.code_for_node(node) in texts:
                found.add(node)
            return True

    module.visit(Finder())
    return found


def printed(module: cst.Module, statement: cst.BaseStatement, indent: str) -> str:
    """The module with another statement in the place of its only one, as text."""
    if not indent:
        return module.with_changes(body=[statement]).code
    around = module.body[0]
    assert isinstance(around, cst.If)
    assert isinstance(around.body, cst.IndentedBlock)
    block = around.body.with_changes(body=[statement])
    return module.with_changes(body=[around.with_changes(body=block)]).code


def laid(text: str, touched: tuple[str, ...] | None, indent: str) -> str:
    module = cst.parse_module(text)
    nodes = None if touched is None else with_code(module, touched)
    assert nodes is None or nodes, "what is touched is in the statement"
    return printed(module, laid_out(first(module, indent), indent, nodes), indent)


def dumped(text: str) -> str:
    return ast.dump(ast.parse(text))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_statement(case):
    before = framed(case.before.lstrip("\n").rstrip(" "))
    after = before if case.after is None else framed(case.after.lstrip("\n").rstrip(" "))
    indent = margin(case.before)
    assert laid(before, case.touched, indent) == after
    assert dumped(before) == dumped(after)
    assert laid(after, case.touched, indent) == after


def test_the_cases_have_names_of_their_own():
    assert len({case.name for case in CASES}) == len(CASES)


NAMES = st.text("abcdefgh_", min_size=1, max_size=14).map("n{}".format)
TEXTS = st.text("ab #('\"%", max_size=20)


def _calls(inner: st.SearchStrategy[ast.expr]) -> st.SearchStrategy[ast.expr]:
    keywords = st.builds(ast.keyword, arg=NAMES, value=inner)
    lists = {"max_size": 3}
    return st.builds(
        ast.Call,
        func=inner.filter(lambda node: isinstance(node, ast.Name | ast.Attribute | ast.Call)),
        args=st.lists(inner, **lists),
        keywords=st.lists(keywords, **lists, unique_by=lambda word: word.arg),
    )


def _comprehensions(inner: st.SearchStrategy[ast.expr]) -> st.SearchStrategy[ast.expr]:
    clause = st.builds(
        ast.comprehension,
        target=st.builds(ast.Name, id=NAMES),
        iter=inner,
        ifs=st.lists(inner, max_size=1),
        is_async=st.just(0),
    )
    kind = st.sampled_from((ast.GeneratorExp, ast.ListComp))
    return st.builds(lambda kind, e, c: kind(e, [c]), kind, inner, clause)


def _operations(inner: st.SearchStrategy[ast.expr]) -> st.SearchStrategy[ast.expr]:
    several = st.lists(inner, min_size=2, max_size=3)
    compared = st.sampled_from((ast.Eq(), ast.NotIn(), ast.Is()))
    parameters = st.lists(st.builds(ast.arg, arg=NAMES), max_size=2, unique_by=lambda one: one.arg)
    return st.one_of(
        st.builds(ast.BoolOp, op=st.sampled_from((ast.And(), ast.Or())), values=several),
        st.builds(ast.BinOp, inner, st.sampled_from((ast.Add(), ast.Mod(), ast.Sub())), inner),
        st.builds(lambda a, op, b: ast.Compare(a, [op], [b]), inner, compared, inner),
        st.builds(ast.UnaryOp, op=st.just(ast.Not()), operand=inner),
        st.builds(ast.IfExp, inner, inner, inner),
        st.builds(
            lambda names, body: ast.Lambda(ast.arguments([], names, None, [], [], None, []), body),
            parameters,
            inner,
        ),
    )


def _grown(inner: st.SearchStrategy[ast.expr]) -> st.SearchStrategy[ast.expr]:
    lists = st.lists(inner, min_size=1, max_size=3)
    pairs = st.lists(st.tuples(inner, inner), max_size=3)
    return st.one_of(
        _calls(inner),
        _calls(inner),
        _operations(inner),
        _comprehensions(inner),
        st.builds(ast.Attribute, value=inner, attr=NAMES),
        st.builds(ast.Subscript, value=inner, slice=inner),
        st.builds(ast.List, lists),
        st.builds(ast.Tuple, lists),
        pairs.map(lambda pairs: ast.Dict([k for k, _ in pairs], [v for _, v in pairs])),
    )


LEAVES = st.one_of(st.builds(ast.Name, id=NAMES), st.builds(ast.Constant, TEXTS))
EXPRESSIONS = st.recursive(LEAVES, _grown, max_leaves=10).map(ast.unparse)
STATEMENTS = st.builds(
    str.format,
    st.sampled_from(
        (
            "{}",
            "node.host = {}",
            "total += {}",
            "return {}",
            "assert {}",
            "if {}:\n    pass",
            "while {}:\n    pass",
            "for node in {}:\n    pass",
            "with {} as node:\n    pass",
        )
    ),
    EXPRESSIONS,
)
INDENTS = st.sampled_from(("", "    ", "        ", "            "))


@settings(deadline=None)
@given(statement=STATEMENTS, indent=INDENTS, is_new=st.booleans())
def test_any_statement(statement, indent, is_new):
    """It keeps its meaning, no line is too long, and to lay it out again changes nothing."""
    node = cst.parse_statement(statement)
    laid = laid_out(node, indent, None if is_new else {node})
    text = in_function(laid, indent)
    assert dumped(text) == dumped(in_function(node, indent))
    assert overlong(laid, indent) == []
    again = laid_out(laid, indent, None if is_new else {laid})
    assert in_function(again, indent) == text


@settings(deadline=None)
@given(statement=STATEMENTS, indent=INDENTS, random=st.randoms())
def test_any_lines(statement, indent, random):
    """However the lines were, meaning and comments stay, and no line gets too long."""
    text = broken(statement, indent, random)
    try:
        module = cst.parse_module(text)
    except cst.CSTValidationError:
        # it has less to say against what stands on one line
        return
    node = first(module, indent)
    touched = {one for one in expressions(node) if random.random() < 0.2}
    after = printed(module, laid_out(node, indent, touched), indent)
    assert dumped(after) == dumped(text)
    assert comments(after) == comments(text)
    # a line that is too long stays what it is, but for what it starts with
    assert long_lines(after) <= long_lines(text)
    if not touched:
        assert after == text


def broken(statement: str, indent: str, random) -> str:
    """The statement with line breaks and comments within brackets, and well indented."""
    pieces, depth, row = [], 0, (1, 0)
    lines = framed_lines(statement, indent)
    for token in tokenize.generate_tokens(io.StringIO(lines).readline):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(token.string, 0)
        if token.type in (tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER):
            continue
        gap = token.start[1] - row[1] if token.start[0] == row[0] else token.start[1]
        pieces += [" " * gap, token.string]
        row = token.end
        if depth > 0 and random.random() < 0.2:
            pieces.append(random.choice(("", "", "  # why")) + "\n" + " " * random.randrange(40))
    return "".join(pieces)


def framed_lines(statement: str, indent: str) -> str:
    return framed("".join(f"{indent}{line}\n" for line in statement.split("\n")))


def expressions(node: cst.CSTNode) -> list[cst.CSTNode]:
    found: list[cst.CSTNode] = []

    class Finder(cst.CSTVisitor):
        def on_visit(self, node: cst.CSTNode) -> bool:
            if isinstance(node, cst.BaseExpression):
                found.append(node)
            return True

    node.visit(Finder())
    return found


def comments(text: str) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]


def long_lines(text: str) -> set[str]:
    return {line.strip() for line in text.split("\n") if len(line) > 79}


def in_function(statement: cst.BaseStatement, indent: str) -> str:
    """The text of a statement in a function, within blocks down to its indentation."""
    block: cst.BaseStatement = statement
    for _ in range(len(indent) // 4 - 1):
        block = cst.If(cst.Name("here"), cst.IndentedBlock([block]))
    function = cst.FunctionDef(cst.Name("f"), cst.Parameters(), cst.IndentedBlock([block]))
    return cst.Module([function]).code if indent else cst.Module([block]).code


LONG_CALL = "self.tracker.update_available_resources(context, self.host, self.nodename, 1)"


def test_line_breaks_are_those_of_the_file():
    module = cst.parse_module(f"if here:\r\n    {LONG_CALL}\r\n    return\r\n")
    around = module.body[0]
    assert isinstance(around, cst.If)
    assert isinstance(around.body, cst.IndentedBlock)
    call, last = around.body.body
    body = around.body.with_changes(body=[laid_out(call, "    ", None), last])
    code = module.with_changes(body=[around.with_changes(body=body)]).code
    assert code == (
        "if here:\r\n"
        "    self.tracker.update_available_resources(context, self.host, self.nodename,\r\n"
        "                                            1)\r\n"
        "    return\r\n"
    )


def test_a_tab_is_one_column_and_stays_a_tab():
    before = f"if here:\n\tnodes = {LONG_CALL}\n"
    assert laid(before, NEW, "\t") == (
        "if here:\n"
        "\tnodes = self.tracker.update_available_resources(context, self.host,\n"
        "\t                                                self.nodename, 1)\n"
    )


def test_an_elif_is_two_columns_wider():
    test = "self.tracker.knows_about(context, self.host, self.nodename, node_type)"
    statement = cst.parse_statement(f"if {test}:\n    pass\n")
    assert isinstance(statement, cst.If)
    assert overlong(statement, "    ") == []
    assert overlong(statement, "    ", is_elif=True) == [f"    elif {test}:"]
    assert laid_out(statement, "    ", None).deep_equals(statement)
    broken = laid_out(statement, "    ", None, is_elif=True)
    assert overlong(broken, "    ", is_elif=True) == []


def test_what_a_compound_statement_holds_stays():
    before = """\
# above
if self.tracker.knows_about(context, self.host, self.nodename, node.host, 22):  # how
    update(context,
      self.host)
    # below
# beside
else:  # not
    pass
"""
    statement = cst.parse_statement(before)
    node = next(iter(with_code(cst.Module([statement]), ("node.host",))))
    after = cst.Module([laid_out(statement, "", [node])]).code
    assert after == before.replace(
        "context, self.host, self.nodename, node.host, 22):  # how",
        ("context, self.host, self.nodename, node.host,\n                            22):  # how"),
    )


def test_a_statement_with_nothing_touched_is_the_same_node():
    statement = cst.parse_statement(f"return {LONG_CALL}, {LONG_CALL}\n")
    assert laid_out(statement, "", []) is statement
    assert laid_out(statement, "", [cst.Name("elsewhere")]) is statement


def test_a_touched_statement_that_fits_is_the_same_node():
    statement = cst.parse_statement("return self.update(\n  context, [1,\n    2])\n")
    assert laid_out(statement, "", [statement]) is statement


def test_a_touched_argument_does_not_reach_the_next_line():
    long = "b" * 40
    text = f"self.update(context, node,\n            {long}, {long})\n"
    statement = cst.parse_statement(text)
    assert isinstance(statement, cst.SimpleStatementLine)
    call = cst.ensure_type(cst.ensure_type(statement.body[0], cst.Expr).value, cst.Call)
    assert laid_out(statement, "", [call.args[1]]) is statement
    assert laid_out(statement, "", [call.args[2]]) is not statement


def test_one_node_may_stand_in_several_places():
    row = cst.parse_expression("self.rows.first_of_all_of_them")
    space = cst.SimpleWhitespace(" ")
    args = [cst.Arg(row, comma=cst.Comma(whitespace_after=space)) for _ in range(4)]
    call = cst.Call(cst.Name("compare"), [*args, cst.Arg(row)])
    statement = cst.SimpleStatementLine([cst.Expr(call)])
    text = cst.Module([laid_out(statement, "", None)]).code
    assert text == (
        "compare(self.rows.first_of_all_of_them, self.rows.first_of_all_of_them,\n"
        "        self.rows.first_of_all_of_them, self.rows.first_of_all_of_them,\n"
        "        self.rows.first_of_all_of_them)\n"
    )


def test_too_long_are_the_lines_of_a_statement_and_no_others():
    comment = "# " + "a" * 90
    statement = cst.parse_statement(f"{comment}\nif {LONG_CALL}:\n    {comment}\n    pass\n")
    assert overlong(statement, "") == [f"if {LONG_CALL}:"]
    assert overlong(statement, "    ") == [f"    if {LONG_CALL}:"]
    assert overlong(cst.parse_statement("pass\n"), "") == []
