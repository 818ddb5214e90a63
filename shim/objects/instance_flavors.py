# SPDX-License-Identifier: Apache-2.0
"""The flavors of an instance: 2014.2's methods, and Kilo's attributes."""

from __future__ import annotations

from typing import Any

from shim import exception
from shim.objects import flavor_stash
from shim.objects.flavor import Flavor


class InstanceFlavors:
    """An instance's flavor, and those before and after a resize.

    All of them stand in the system metadata, whichever way they are set: what Kilo's code keeps in
    ``flavor``, ``old_flavor`` and ``new_flavor`` 2014.2's finds where it looks for it.
    """

    _context: Any
    system_metadata: Any

    def get_flavor(self, namespace: str | None = None) -> Flavor:
        """The flavor that the system metadata keeps under the namespace (None, old, new).

        KeyError when there is none.
        """
        return flavor_stash.read(self._context, self.system_metadata, namespace)

    def set_flavor(self, flavor: Any, namespace: str | None = None) -> None:
        """Keep the flavor in the system metadata, and save the instance."""
        self.system_metadata = flavor_stash.written(self.system_metadata, flavor, namespace)
        self.save()  # type: ignore[attr-defined]

    def delete_flavor(self, namespace: str | None) -> None:
        """Drop the flavor from the system metadata, and save the instance."""
        self.system_metadata = flavor_stash.removed(self.system_metadata, namespace)
        self.save()  # type: ignore[attr-defined]

    def _keep_flavor(self, flavor: Any, namespace: str | None) -> None:
        there = self.system_metadata if self._has_system_metadata() else {}
        kept = flavor_stash.removed(there, namespace)
        if flavor is not None:
            kept = flavor_stash.written(kept, flavor, namespace)
        self.system_metadata = kept

    def _has_system_metadata(self) -> bool:
        is_set = self.obj_attr_is_set  # type: ignore[attr-defined]
        return bool(is_set("system_metadata") or is_set("id"))

    @property
    def flavor(self) -> Any:
        """The flavor, with the extra specs of the one that it was made of, as long as that is
        there. ObjectActionError when none is kept. ``save`` stores the flavor that is set here, but
        nothing that is set of the flavor itself.
        """
        return self._flavor_in(None)

    @flavor.setter
    def flavor(self, flavor: Any) -> None:
        self._keep_flavor(flavor, None)

    @property
    def old_flavor(self) -> Any:
        """The flavor before a resize, or None."""
        return self._flavor_in("old")

    @old_flavor.setter
    def old_flavor(self, flavor: Any) -> None:
        self._keep_flavor(flavor, "old")

    @property
    def new_flavor(self) -> Any:
        """The flavor after a resize, or None."""
        return self._flavor_in("new")

    @new_flavor.setter
    def new_flavor(self, flavor: Any) -> None:
        self._keep_flavor(flavor, "new")

    def _flavor_in(self, namespace: str | None) -> Flavor | None:
        try:
            found = self.get_flavor(namespace)
        except KeyError as error:
            if namespace is not None:
                return None
            raise exception.ObjectActionError(
                action="flavor", reason="the system metadata keeps none"
            ) from error
        found.extra_specs = {**self._original_specs(found), **self._kept_specs(namespace)}
        found.obj_reset_changes()
        return found

    def _original_specs(self, flavor: Any) -> dict[str, str]:
        if self._context is None:
            return {}
        try:
            # Whoever may see the instance may see its flavor, private or deleted as it may be.
            there = Flavor.get_by_flavor_id(self._context.elevated("yes"), flavor.flavorid)
        except exception.FlavorNotFound:
            return {}
        return dict(there.extra_specs)

    def _kept_specs(self, namespace: str | None) -> dict[str, str]:
        return flavor_stash.kept_specs(self.system_metadata, namespace)
