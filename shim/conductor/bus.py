# SPDX-License-Identifier: Apache-2.0
"""The bus that ``transport_url`` names.

oslo.messaging's own within the process looks for messages twenty times a second; here whoever
sends one wakes whoever waits for it.
"""

from __future__ import annotations

import functools
import ipaddress
import threading
import time
from typing import Any

import oslo_messaging
from oslo_config import cfg
from oslo_messaging._drivers import amqpdriver, base, impl_fake

from shim import conf
from shim.conf import CONF

#: Seconds for which a caller's queue may be missing.
MISSING_CALLER_TIMEOUT = 2
#: Seconds at most between two of a conductor's attempts to reach the broker.
RECONNECT_INTERVAL = 2

_RABBIT = "oslo_messaging_rabbit"


def transport(url: str | None = None) -> Any:
    """The transport to the bus at the URL, by default the configured one.

    ValueError for a URL of which a part is none.
    """
    conf.use()
    made: Any = oslo_messaging.get_rpc_transport(CONF, url=url)
    for host in oslo_messaging.TransportURL.parse(CONF, url).hosts:
        _check_host(host.hostname or "")
    driver = made._driver
    if isinstance(driver, impl_fake.FakeDriver):
        driver._exchange_manager = _Exchanges(driver._default_exchange)
        driver.listen = functools.partial(_listen, driver)
    return made


def _check_host(name: str) -> None:
    """Refuse what the library takes for a host and finds out to be none when it connects."""
    if ":" in name:
        try:
            ipaddress.IPv6Address(name)
        except ValueError:
            raise ValueError(f"{name} is no host with a port") from None


def answer_soon(made: Any) -> None:
    """Let a conductor answer as soon as a broker is back, and wait for no caller that is gone.

    Of the library's own times, unless the configuration sets them: it goes on connecting after 30
    seconds, while others hand the conductor calls; and it tries for 60 seconds to answer a caller
    whose queue is missing, while the thread does nothing else.
    """
    driver = made._driver
    if not hasattr(driver, "missing_destination_retry_timeout") or _RABBIT not in CONF:
        return
    CONF.set_default("rabbit_interval_max", RECONNECT_INTERVAL, group=_RABBIT)
    name = "kombu_missing_consumer_retry_timeout"
    if CONF.get_location(name, _RABBIT).location is cfg.Locations.opt_default:
        driver.missing_destination_retry_timeout = MISSING_CALLER_TIMEOUT
    # Whose queue was missing gets no answers for that long, though it may be back at once.
    amqpdriver.ObsoleteReplyQueuesCache.TTL = 0


def hears_answers(made: Any) -> bool:
    """Whether the queue for the answers to this process is there, as far as is known here."""
    waiter = getattr(made._driver, "_waiter", None)
    if waiter is None:
        return True
    listening = waiter.conn.connection
    return listening.connection.connected and not listening._new_tags


def is_in_process(made: Any) -> bool:
    """Whether the transport reaches no further than this process."""
    return isinstance(getattr(made, "_driver", None), impl_fake.FakeDriver)


class _Exchange(impl_fake.FakeExchange):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.arrived = threading.Condition(self._queues_lock)

    @classmethod
    def like(cls, name: str, other: impl_fake.FakeExchange | None) -> _Exchange:
        """A new one, with the messages of one that the library made."""
        made = cls(name)
        if other is not None:
            made._topic_queues, made._server_queues = other._topic_queues, other._server_queues
        return made

    def deliver_message(self, *args: Any, **kwargs: Any) -> None:
        super().deliver_message(*args, **kwargs)
        with self.arrived:
            self.arrived.notify_all()


class _Exchanges(impl_fake.FakeExchangeManager):
    def get_exchange(self, name: str | None) -> Any:
        name = self._default_exchange if name is None else name
        with self._exchanges_lock:
            there = self._exchanges.get(name)
            if not isinstance(there, _Exchange):
                there = self._exchanges[name] = _Exchange.like(name, there)
            return there


class _Listener(impl_fake.FakeListener):
    @base.batch_poll_helper  # type: ignore[untyped-decorator,unused-ignore]
    def poll(self, timeout: float | None = None) -> Any:
        deadline = None if timeout is None else time.monotonic() + timeout
        exchange = self._exchange()
        with exchange.arrived:
            while not self._stopped.is_set():
                for target in self._targets:
                    context, message, reply_queue, requeue = exchange.poll(target, self._pool)
                    if message is not None:
                        return impl_fake.FakeIncomingMessage(context, message, reply_queue, requeue)
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0:
                    break
                exchange.arrived.wait(left)
        return None

    def stop(self) -> None:
        super().stop()
        arrived = self._exchange().arrived
        with arrived:
            arrived.notify_all()

    def _exchange(self) -> Any:
        return self._exchange_manager.get_exchange(self._targets[0].exchange)


def _listen(driver: Any, target: Any, batch_size: int, batch_timeout: float) -> Any:
    exchange = target.exchange or driver._default_exchange
    targets = [
        oslo_messaging.Target(topic=target.topic, server=server, exchange=exchange)
        for server in (target.server, None)
    ]
    listener = _Listener(driver._exchange_manager, targets)
    return base.PollStyleListenerAdapter(listener, batch_size, batch_timeout)
