# SPDX-License-Identifier: Apache-2.0
"""Dicts of Python 2, with their items in the order of a 64-bit machine.

The order depends on how a dict was built as well as on its keys. The hashes of
strings are those without hash randomization.
"""

from collections.abc import Iterable, Iterator

_WORD = 0xFFFFFFFFFFFFFFFF

_SMALLEST = 8


class Python2Dict:
    """A dict from strings to the Python 2 reprs of their values.

    `room` is the number of items for which Python allocates the table in advance.
    """

    def __init__(self, items: Iterable[tuple[str, str]] = (), *, room: int = 0) -> None:
        self._slots: list[tuple[str, str] | None] = []
        self._used = 0
        # Python always has a table of eight
        self._resize(room if room >= _SMALLEST else 0)
        for key, value in items:
            self[key] = value

    @classmethod
    def literal(cls, items: list[tuple[str, str]]) -> "Python2Dict":
        """`{key: value, ...}`."""
        return cls(items, room=len(items))

    def copy(self) -> "Python2Dict":
        """`dict(this)`."""
        return Python2Dict(self, room=self._used * 2 if self._used * 3 >= _SMALLEST * 2 else 0)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return (slot for slot in self._slots if slot is not None)

    def __contains__(self, key: str) -> bool:
        return self._slots[self._place(key)] is not None

    def __setitem__(self, key: str, value: str) -> None:
        place = self._place(key)
        is_new = self._slots[place] is None
        self._slots[place] = (key, value)
        self._used += is_new
        if is_new and self._used * 3 >= len(self._slots) * 2:
            self._resize(self._used * 4)

    def __str__(self) -> str:
        return "{" + ", ".join(f"'{key}': {value}" for key, value in self) + "}"

    def _resize(self, room: int) -> None:
        kept, size = list(self), _SMALLEST
        while size <= room:
            size *= 2
        self._slots = [None] * size
        for slot in kept:
            self._slots[self._place(slot[0])] = slot

    def _place(self, key: str) -> int:
        """The slot where the item of a key is or would be stored."""
        number = _hash(key)
        mask, perturb, place = len(self._slots) - 1, number, number
        while (slot := self._slots[place & mask]) is not None and slot[0] != key:
            place = (place * 5 + perturb + 1) & _WORD
            perturb >>= 5
        return place & mask


def _hash(text: str) -> int:
    """Python 2's hash of a byte string, as an unsigned 64-bit number."""
    data = text.encode()
    if not data:
        return 0
    number = data[0] << 7
    for byte in data:
        number = ((1000003 * number) ^ byte) & _WORD
    number ^= len(data)
    return number if number != _WORD else number - 1
