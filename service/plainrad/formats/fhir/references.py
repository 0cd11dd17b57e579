"""Follow references: to contained resources, and to the other entries of a Bundle."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from plainrad.errors import FhirReferenceError
from plainrad.formats.fhir.names import Resource

_RELATIVE = re.compile(
    r"(?P<base>https?://.+/)?(?P<rest>[A-Z][A-Za-z]{2,39}/[A-Za-z0-9.-]{1,64})(/_history/[A-Za-z0-9.-]+)?"
)


@dataclass(frozen=True, slots=True)
class Around:
    """What a reference may lead to: the resources of the Bundle by their addresses, those contained by their ids."""

    contained: Mapping[str, Resource] = field(default_factory=dict)
    bundled: Mapping[str, Resource | None] = field(default_factory=dict)  # None: two entries have this address

    def within(self, resource: Resource) -> "Around":
        """Return what references of `resource` may lead to."""
        return Around(
            {one["id"]: one for one in resource.get("contained", ()) if isinstance(one.get("id"), str)}, self.bundled
        )

    def follow(self, reference: Resource | None, *kinds: str, where: str) -> Resource | None:
        """Return what `reference` leads to, or None where that was not sent and lives on another server.

        Raises FhirReferenceError for one that can only lead to what was sent (#id, urn:uuid) and does not, or leads to a thing of
        another kind.
        """
        address = (reference or {}).get("reference")
        if not isinstance(address, str) or not address:
            return None
        found = self.contained.get(address[1:]) if address.startswith("#") else self._bundled(address, where)
        if found is None:
            if address.startswith(("#", "urn:")):
                raise FhirReferenceError(where=where)
            return None
        if kinds and found["resourceType"] not in kinds:
            raise FhirReferenceError(where=where)
        return found

    def _bundled(self, address: str, where: str) -> Resource | None:
        match = _RELATIVE.fullmatch(address)
        for name in (address, f"{match['base'] or ''}{match['rest']}" if match else address):
            if name in self.bundled:
                found = self.bundled[name]
                if found is None:
                    raise FhirReferenceError(where=where)
                return found
        return None


def addresses(full_url: str | None, resource: Resource) -> Iterator[str]:
    """Yield the addresses under which an entry of a Bundle is known (R4, Bundle, resolving references)."""
    if full_url:
        yield full_url
        match = _RELATIVE.fullmatch(full_url)
        if match:
            yield match["rest"]
    if isinstance(resource.get("id"), str):
        yield f"{resource['resourceType']}/{resource['id']}"


def each(value: object) -> list[Resource]:
    """Return the objects of a list, or of nothing."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
