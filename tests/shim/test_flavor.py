# SPDX-License-Identifier: Apache-2.0
"""Flavor and FlavorList, three ways on three database servers."""

from typing import Any

import pytest
import samples
import sqlalchemy

from shim import exception
from shim.db import tables
from shim.objects import Flavor, FlavorList

pytestmark = pytest.mark.usefixtures("store")


def test_create_reads_the_row_back(ctx: Any) -> None:
    made = samples.flavor(ctx, extra_specs={"a": "1"}, projects=["p2", "p1"])
    assert made.obj_what_changed() == set()
    for found in (
        made,
        Flavor.get_by_id(ctx, made.id),
        Flavor.get_by_name(ctx, "m1.small"),
        Flavor.get_by_flavor_id(ctx, "f-1"),
    ):
        assert (found.memory_mb, found.vcpu_weight, found.rxtx_factor) == (2048, 0, 1.0)
        assert (found.is_public, found.disabled) == (True, False)
        assert found.extra_specs == {"a": "1"}
        assert found.projects == ["p2", "p1"]
        assert found.obj_what_changed() == set()


def test_create_twice(ctx: Any) -> None:
    with pytest.raises(exception.ObjectActionError):
        samples.flavor(ctx).create()


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"flavorid": "f-2"}, exception.FlavorExists),
        ({"name": "other"}, exception.FlavorIdExists),
        ({}, exception.FlavorIdExists),
    ],
)
def test_create_of_what_exists(ctx: Any, other: Any, error: Any) -> None:
    samples.flavor(ctx)
    with pytest.raises(error):
        samples.flavor(ctx, **other)
    assert len(FlavorList.get_all(ctx)) == 1


def test_missing(ctx: Any) -> None:
    with pytest.raises(exception.FlavorNotFound):
        Flavor.get_by_id(ctx, 999)
    with pytest.raises(exception.FlavorNotFoundByName):
        Flavor.get_by_name(ctx, "nonesuch")
    with pytest.raises(exception.FlavorNotFound):
        Flavor.get_by_flavor_id(ctx, "nonesuch")


def test_null_is_zero(ctx: Any, store: sqlalchemy.Engine) -> None:
    made = samples.flavor(ctx)
    with store.begin() as connection:
        connection.execute(tables.instance_types.update().values(root_gb=None, ephemeral_gb=None))
    found = Flavor.get_by_id(ctx, made.id)
    assert (found.root_gb, found.ephemeral_gb, found.vcpu_weight) == (0, 0, 0)


def test_access(ctx: Any) -> None:
    flavor = samples.flavor(ctx, is_public=False)
    flavor.add_access("p1")
    flavor.add_access(ctx, "p2")
    assert flavor.projects == ["p1", "p2"]
    with pytest.raises(exception.FlavorAccessExists):
        flavor.add_access("p1")
    flavor.remove_access("p1")
    assert flavor.projects == ["p2"]
    assert flavor.obj_what_changed() == set()
    with pytest.raises(exception.FlavorAccessNotFound):
        flavor.remove_access("p1")
    flavor.projects = ["p3"]
    for change in (flavor.add_access, flavor.remove_access):
        with pytest.raises(exception.ObjectActionError):
            change("p2")


def test_who_sees_a_private_flavor(ctx: Any) -> None:
    made = samples.flavor(ctx, is_public=False, projects=["p1"])
    ctx.is_admin, ctx.user_id = False, "u"
    for project, expected in (("p1", [made.id]), ("p2", [])):
        ctx.project_id = project
        assert [f.id for f in FlavorList.get_all(ctx)] == expected
    with pytest.raises(exception.FlavorNotFound):
        Flavor.get_by_id(ctx, made.id)


def test_save_stores_specs_and_projects(ctx: Any) -> None:
    flavor = samples.flavor(ctx, extra_specs={"keep": "1", "drop": "2"}, projects=["p1"])
    flavor.extra_specs["new"] = "3"
    del flavor.extra_specs["drop"]
    flavor.projects.append("p2")
    flavor.projects.remove("p1")
    assert flavor.obj_what_changed() == {"extra_specs", "projects"}
    flavor.save()
    assert flavor.obj_what_changed() == set()
    found = Flavor.get_by_id(ctx, flavor.id)
    assert found.extra_specs == {"keep": "1", "new": "3"}
    assert found.projects == ["p2"]


def test_save_stores_all_or_nothing(ctx: Any) -> None:
    """A project that another granted in the meantime: nova has stored the extra specs by then."""
    flavor = samples.flavor(ctx, extra_specs={"old": "1"}, projects=["p1"])
    Flavor.get_by_id(ctx, flavor.id).add_access("p3")
    flavor.extra_specs["new"] = "2"
    flavor.projects = ["p1", "p2", "p3"]
    with pytest.raises(exception.FlavorAccessExists):
        flavor.save()
    assert flavor.obj_what_changed() == {"extra_specs", "projects"}
    found = Flavor.get_by_id(ctx, flavor.id)
    assert found.extra_specs == {"old": "1"}
    assert found.projects == ["p1", "p3"]
    found.remove_access("p3")
    flavor.save()
    assert flavor.obj_what_changed() == set()
    found = Flavor.get_by_id(ctx, flavor.id)
    assert found.extra_specs == {"old": "1", "new": "2"}
    assert sorted(found.projects) == ["p1", "p2", "p3"]


def test_save_of_anything_else(ctx: Any) -> None:
    flavor = samples.flavor(ctx, extra_specs={})
    flavor.extra_specs["a"] = "1"
    flavor.memory_mb = 1
    with pytest.raises(exception.ObjectActionError):
        flavor.save(ctx)
    assert Flavor.get_by_id(ctx, flavor.id).extra_specs == {}


def test_delete_of_a_spec_that_is_not_there(ctx: Any) -> None:
    flavor = samples.flavor(ctx)
    with pytest.raises(exception.FlavorExtraSpecsNotFound):
        flavor.save_extra_specs(to_delete=["nonesuch"])


def test_specs_are_not_loaded_later(ctx: Any) -> None:
    with pytest.raises(exception.ObjectActionError):
        samples.flavor(ctx).extra_specs  # noqa: B018


def test_destroy(ctx: Any) -> None:
    flavor = samples.flavor(ctx, extra_specs={"a": "1"}, projects=["p1"])
    flavor.destroy()
    with pytest.raises(exception.FlavorNotFound):
        Flavor.get_by_id(ctx, flavor.id)
    with pytest.raises(exception.FlavorNotFoundByName):
        flavor.destroy()
    assert Flavor.get_by_flavor_id(ctx, "f-1", read_deleted="yes").id == flavor.id
    again = samples.flavor(ctx)
    assert Flavor.get_by_flavor_id(ctx, "f-1", read_deleted="yes").id == again.id


def test_pages(ctx: Any) -> None:
    for number, memory in enumerate((300, 100, 200)):
        samples.flavor(ctx, name=f"n{number}", flavorid=f"f{number}", memory_mb=memory)

    def page(**arguments: Any) -> list[int]:
        return [f.memory_mb for f in FlavorList.get_all(ctx, **arguments)]

    assert page() == [300, 100, 200]
    assert page(sort_key="memory_mb") == [100, 200, 300]
    assert page(sort_key="memory_mb", sort_dir="desc", limit=2) == [300, 200]
    assert page(sort_key="memory_mb", marker="f1") == [200, 300]
    assert page(filters={"min_memory_mb": 200}) == [300, 200]
    with pytest.raises(exception.MarkerNotFound):
        page(marker="nonesuch")
    with pytest.raises(exception.InvalidSortKey):
        page(sort_key="nonesuch")
    with pytest.raises(ValueError, match="sort_dir"):
        page(sort_dir="sideways")


def test_filters(ctx: Any) -> None:
    samples.flavor(ctx)
    off = samples.flavor(ctx, name="off", flavorid="off", disabled=True, is_public=False)
    gone = samples.flavor(ctx, name="gone", flavorid="gone")
    gone.destroy()

    def names(**arguments: Any) -> list[str]:
        return sorted(f.name for f in FlavorList.get_all(ctx, **arguments))

    assert names() == ["m1.small", off.name]
    assert names(inactive=True) == ["gone", "m1.small", "off"]
    assert names(filters={"disabled": True}) == ["off"]
    assert names(filters={"is_public": True}) == ["m1.small"]
