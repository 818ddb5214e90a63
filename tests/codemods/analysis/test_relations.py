# SPDX-License-Identifier: Apache-2.0
"""Where a row is read out of a row, how an object answers there, and which calls stay."""

import pytest
import small_tree
from tables import HEAD, PATH, in_method

from codemods.analysis.file_facts import facts_of
from codemods.analysis.inferring import inferred
from codemods.analysis.readings import Attribute, KeptInDict, Queried, Unreadable, Way
from codemods.analysis.relations import calls_that_stay, readings_of
from codemods.analysis.stays import NOTHING_STAYS, Reason, Stays
from codemods.analysis.survey import Survey
from codemods.model import ITEMS, Item

ALL = frozenset(ITEMS)

SERVICE = "service = self.conductor_api.service_get_by_compute_host(context, host)\n"
MIGRATIONS = """\
migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(
    context, host, host)
"""
STORE = "self.conductor_api.compute_node_update(context, {'id': host}, values)\n"
READ = "print(service['compute_node'])\n"
TRIED = "try:\n    x = service['compute_node']\nexcept KeyError:\n    pass\n"
OTHER = "if host:\n    service = self.conductor_api.service_get_by_args(context, host, 'x')\n"
PRUNE = """
    def prune(self, context):
        self.conductor_api.compute_node_delete(context, {'id': 1})
"""
STORED = Unreadable("relation.stored")
QUERIED = Queried("expression", "context")
NODE = "node = self.conductor_api.compute_node_create(context, values)\n"
UPDATED = "node = self.conductor_api.compute_node_update(context, host, values)\n"


def survey_of(text: str, stays: Stays = NOTHING_STAYS, **others: str) -> Survey:
    """The survey of a small tree with the file; `others` take the place of objects' files."""
    files = {**small_tree.files(), PATH: text}
    files |= {f"nova/objects/{name}.py": other for name, other in others.items()}
    encoded = {path: content.encode() for path, content in sorted(files.items())}
    return inferred(encoded, stays=stays)


def ways(survey: Survey, done: frozenset[Item] = ALL) -> list[tuple[str, Way]]:
    """The readings in the file, by their source, with the ways in which they are to be done."""
    module = survey.modules[PATH]
    found = sorted(readings_of(module, survey, done).items())
    return [(module.source.slice(*span), reading.way) for span, reading in found]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            SERVICE + "nodes = service['compute_node']\nreturn service.get('compute_node')\n",
            [
                ("service['compute_node']", Queried("assigned", "context")),
                ("service.get('compute_node')", Queried("returned", "context")),
            ],
            id="the nodes of a service",
        ),
        pytest.param(
            SERVICE + "print(service['compute_node'])\nservice['compute_node'] = []\n",
            [
                ("service['compute_node']", Queried("expression", "context")),
                ("service['compute_node']", Unreadable("value.dict-only")),
            ],
            id="the nodes of a service, read and stored",
        ),
        pytest.param(
            MIGRATIONS + "for m in migrations:\n    x = m['instance']\n",
            [("m['instance']", Queried("assigned", "context"))],
            id="the instance of a migration",
        ),
        pytest.param(
            MIGRATIONS
            + "for m in migrations:\n    x = m['instance']\n"
            + "for m in migrations:\n    print(m['instance'])\n",
            [
                ("m['instance']", Queried("assigned", "context", "instances_by_uuid")),
                ("m['instance']", KeptInDict("instances_by_uuid")),
            ],
            id="the instance of a migration, in two loops",
        ),
        pytest.param(
            MIGRATIONS + "x = migrations[0]['instance']\ny = migrations[0]['instance']\n",
            [
                ("migrations[0]['instance']", Queried("assigned", "context")),
                ("migrations[0]['instance']", Unreadable("relation.order")),
            ],
            id="the instance of a migration, twice",
        ),
        pytest.param(
            MIGRATIONS + "return [m['instance'] for m in migrations]\n",
            [("m['instance']", Unreadable("relation.position"))],
            id="the instance of a migration, in an expression",
        ),
        pytest.param(
            UPDATED + "x = node['service']\nif 'service' in node:\n    del node['service']\n",
            [("node['service']", Attribute())],
            id="the service of a node, read and deleted",
        ),
        pytest.param(
            NODE + "x = node.get('service')\n",
            [("node.get('service')", Unreadable("relation.not-joined"))],
            id="the service of a node, which a new row lacks",
        ),
        pytest.param(
            NODE + "x = node['service']\n",
            [("node['service']", Unreadable("relation.not-joined"))],
            id="the service of a node, a KeyError of a new row",
        ),
        pytest.param(
            UPDATED + "x = node.get('service')\n",
            [("node.get('service')", Unreadable("value.dict-only", ".get('service')"))],
            id="the service of a node, by get()",
        ),
        pytest.param(
            "for m in self.conductor_api.migration_get_unconfirmed_by_dest_compute(\n"
            "        context, values, host):\n    x = m.get('instance')\n",
            [("m.get('instance')", Unreadable("relation.not-joined"))],
            id="the instance of a migration, which the row lacks",
        ),
        *(
            pytest.param(SERVICE + lines, [("service['compute_node']", way)], id=what)
            for what, way, lines in (
                ("read after a node was stored", STORED, STORE + READ),
                ("read before a node is stored", QUERIED, READ + STORE),
                (
                    "given, and read in what stores it",
                    QUERIED,
                    STORE.replace("{'id': host}", "service['compute_node'][0]"),
                ),
                (
                    "read after a node was deleted by a method",
                    STORED,
                    "self.prune(context)\n" + READ,
                ),
                (
                    "read anew in each round that stores one",
                    STORED,
                    "while host:\n    x = service['compute_node']\n    " + STORE,
                ),
                (
                    "read once for all rounds",
                    QUERIED,
                    "for node in service['compute_node']:\n    " + STORE,
                ),
                ("of a row that is read again", QUERIED, STORE + SERVICE + READ),
                (
                    "read after another row was stored",
                    QUERIED,
                    "self.conductor_api.service_update(context, {'id': 1}, values)\n" + READ,
                ),
                (
                    "tried of a row that need not have them",
                    Unreadable("relation.not-joined"),
                    "service = self.conductor_api.service_get_all(context)[0]\n" + TRIED,
                ),
                (
                    "tried of a row that has them or need not",
                    Unreadable("relation.not-joined"),
                    OTHER + "else:\n    " + SERVICE + TRIED,
                ),
                (
                    "tried of a row that need not have them or has",
                    Unreadable("relation.not-joined"),
                    OTHER + TRIED,
                ),
                (
                    "tried of a row that has them",
                    Queried("assigned", "context"),
                    TRIED,
                ),
            )
        ),
        pytest.param(
            SERVICE + "if host:\n    service = values\nreturn service['compute_node']\n",
            [("service['compute_node']", Unreadable("value.mixed"))],
            id="may be another row",
        ),
        pytest.param(
            SERVICE
            + "if host:\n    service = objects.Service.get_by_id(context, 1)\n"
            + "return service['compute_node']\n",
            [("service['compute_node']", Unreadable("value.mixed"))],
            id="may have been an object before",
        ),
        pytest.param(
            SERVICE + "return values['compute_node'], service['instance'], service.get(host)\n",
            [],
            id="no row, or no relation",
        ),
    ],
)
def test_how_it_is_read(lines, expected):
    text = in_method(lines).replace(
        "import conductor\n", "import conductor\nfrom nova import objects\n"
    )
    assert ways(survey_of(text + PRUNE)) == expected


def test_nothing_is_read_of_what_is_no_object_yet():
    survey = survey_of(in_method(SERVICE + "return service['compute_node']\n"))
    assert ways(survey, frozenset({Item.OBJECT_FIELDS, Item.FLAVOR})) == []
    assert ways(survey, frozenset({Item.SERVICE})) != []


def test_the_service_of_a_node_whose_object_has_none_is_unreadable():
    without = small_tree.COMPUTE_NODE.replace(
        "    @property\n    def service(self):", "    def x(self):"
    )
    survey = survey_of(in_method(UPDATED + "return node['service']\n"), compute_node=without)
    assert ways(survey) == [("node['service']", Unreadable("key.no-such-field", "service"))]


def test_every_call_that_may_give_the_row_stays():
    lines = SERVICE + (
        "if host:\n"
        "    service = self.conductor_api.service_get_by_compute_host(context, 'x')\n"
        "del service['compute_node']\n"
    )
    survey = survey_of(in_method(lines))
    first = HEAD.count("\n") + 1
    found = calls_that_stay(survey, ITEMS)
    # what two calls give alike is known to come from the nearest of them
    why = f"{PATH}:{first + 3}: the value is used as only a dict can be"
    assert found == Stays({(PATH, first + 2): Reason("relation.unreadable", why)})
    again = calls_that_stay(survey_of(in_method(lines), found), ITEMS)
    why = f"{PATH}:{first + 3}: the value is an object on one path and a dict on another"
    assert again == Stays({(PATH, first): Reason("relation.unreadable", why)})
    both = survey_of(in_method(lines), found | again)
    assert calls_that_stay(both, ITEMS) == NOTHING_STAYS


def test_a_call_stays_for_a_stage_on_the_way():
    """The service of a node is an object one patch later than what the service's getter gives."""
    lines = (
        SERVICE
        + f"if host:\n    {UPDATED}"
        + "    service = node['service']\n"
        + "return service['compute_node']\n"
    )
    survey = survey_of(in_method(lines))
    assert ways(survey, frozenset({Item.SERVICE})) == [
        ("service['compute_node']", Unreadable("value.mixed"))
    ]
    assert [way for _, way in ways(survey)] == [Attribute(), Unreadable("relation.not-joined")]
    first = HEAD.count("\n") + 1
    assert calls_that_stay(survey, ITEMS).calls.keys() == {(PATH, first), (PATH, first + 2)}


def test_every_call_of_a_file_can_be_made_to_stay():
    text = in_method(SERVICE + "return service['compute_node']\n")
    survey = survey_of(text, Stays(files=frozenset({PATH})))
    facts = facts_of(survey.modules[PATH], survey, ALL)
    assert [site.left for site in facts.sites.values()] == [Reason("call.file-stays")]
    assert ways(survey) == []


def test_a_call_keeps_the_reason_that_was_found_first():
    place, first, second = ("a.py", 1), Reason("call.position"), Reason("value.mixed")
    both = Stays({place: first}) | Stays({place: second, ("a.py", 2): second}, frozenset({"b.py"}))
    assert both == Stays({place: first, ("a.py", 2): second}, frozenset({"b.py"}))
