# SPDX-License-Identifier: Apache-2.0
"""Column types that differ between the three database servers."""

from typing import Any

import netaddr
from sqlalchemy import Dialect, String, Text
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.types import TypeDecorator, TypeEngine


def medium_text() -> TypeEngine[str]:
    """Text of up to 16 MiB: MEDIUMTEXT on MySQL, TEXT elsewhere."""
    return Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")


def cidr() -> TypeEngine[str]:
    """A network as text: INET on PostgreSQL, VARCHAR(43) elsewhere."""
    return String(43).with_variant(postgresql.INET(), "postgresql")


class IPAddress(TypeDecorator[str]):
    """An address as text, IPv6 in its short form; INET on PostgreSQL, VARCHAR(39) elsewhere.

    Text that is no address is a netaddr.AddrFormatError when the row is written.
    """

    impl = String(39)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.INET())
        return dialect.type_descriptor(String(39))

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return str(netaddr.IPAddress(str(value)))

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else str(value)
