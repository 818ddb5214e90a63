# SPDX-License-Identifier: Apache-2.0
"""A program that catches exceptions of its own catches what the objects raise."""

import types

import pytest

from shim import exception, objects
from shim.conductor import wire_errors


class NovaException(Exception):
    def __init__(self, message=None, **kwargs):
        super().__init__(message or "a message of its own")


class NotFound(NovaException):
    pass


class ComputeHostNotFound(NotFound):
    pass


class InstanceTypeNotFound(NotFound):
    pass


class NotAuthorized(NovaException):
    pass


PROGRAM = types.MappingProxyType(
    {
        one.__name__: one
        for one in (
            *(NovaException, NotFound, ComputeHostNotFound, InstanceTypeNotFound),
            NotAuthorized,
        )
    }
)


@pytest.fixture
def adopted(monkeypatch):
    monkeypatch.setattr(exception, "_adopted", {})
    monkeypatch.setattr(exception, "_classes", {})
    exception.adopt(PROGRAM)


def test_without_a_program_an_exception_is_its_own_alone():
    assert type(exception.ComputeHostNotFound(host="h")) is exception.ComputeHostNotFound


@pytest.mark.usefixtures("adopted")
def test_what_is_raised_is_an_instance_of_both(database, ctx):
    with pytest.raises(ComputeHostNotFound) as caught:
        objects.Service.get_by_compute_host(ctx, "nowhere")
    assert isinstance(caught.value, exception.ComputeHostNotFound)
    assert str(caught.value) == str(exception.ComputeHostNotFound.msg_fmt % {"host": "nowhere"})
    assert caught.value.kwargs == {"host": "nowhere", "code": 404}


@pytest.mark.usefixtures("adopted")
@pytest.mark.parametrize(
    ("raised", "caught"),
    [
        pytest.param(
            exception.HostBinaryNotFound(host="h", binary="b"), NotFound, id="its nearest base"
        ),
        pytest.param(
            exception.FlavorNotFound(flavor_id=1), InstanceTypeNotFound, id="its earlier name"
        ),
        pytest.param(exception.AdminRequired(), NotAuthorized, id="its base's earlier name"),
    ],
)
def test_what_the_program_lacks_is_its_nearest(raised, caught):
    made = type(raised)(str(raised))
    assert isinstance(made, caught)


@pytest.mark.usefixtures("adopted")
def test_it_crosses_the_bus_under_its_name():
    sent = wire_errors.as_sent(exception.ServiceNotFound(service_id=3))
    assert type(sent).__name__ == "ServiceNotFound"
    assert type(sent).__module__ == "nova.exception"
    assert sent.kwargs == {"service_id": 3, "code": 404}
