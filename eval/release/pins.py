"""constraints.txt and the packages that are installed in, what is not pinned to what is here out, a line each."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from eval.release.installed import Closure


class PinsError(ValueError):
    """A line of constraints.txt does not pin; the message says which."""


def pins(constraints: Path) -> dict[str, Version]:
    """The version that each package is pinned to. Raises PinsError where a line is not `name==version`."""
    found: dict[str, Version] = {}
    for number, line in enumerate(constraints.read_text(encoding="utf-8").splitlines(), 1):
        if not (text := line.partition("#")[0].strip()):
            continue
        try:
            asked = Requirement(text)
            (only,) = asked.specifier
        except (InvalidRequirement, ValueError):
            raise PinsError(f"{constraints.name}, line {number}: {text!r} is not `name==version`") from None
        name = canonicalize_name(asked.name)
        if only.operator != "==" or only.version.endswith("*") or asked.extras or asked.marker:
            raise PinsError(f"{constraints.name}, line {number}: {text!r} is not `name==version`")
        if name in found:
            raise PinsError(f"{constraints.name}, line {number}: {name} is pinned a second time")
        found[name] = Version(only.version)
    return found


def faults(pinned: Mapping[str, Version], reached: Closure) -> Iterator[str]:
    """What is needed and has no pin, another version than its pin, or is not here. Builds of one version, such as
    2.13.0+cpu, differ in nothing that a pin could tell.
    """
    for name in sorted(reached.missing):
        yield f"{name}: needed, but not installed here" + ("" if name in pinned else " and not pinned")
    for name, one in sorted(reached.found.items()):
        here = Version(one.version)
        if name not in pinned:
            if not any(_is_exact(asked) for asked in reached.asked.get(name, [])):
                yield f"{name}: {here} is installed and constraints.txt does not pin it; add {name}=={here.public}"
        elif pinned[name] != (here if pinned[name].local else Version(here.public)):
            yield f"{name}: {here} is installed, constraints.txt pins {pinned[name]}; install with `-c constraints.txt`"


def stale(pinned: Mapping[str, Version], reached: Closure) -> list[str]:
    """Pins of what nothing needs any more; only to be asked of everything that can be installed."""
    return sorted(pinned.keys() - reached.found.keys() - reached.missing)


def _is_exact(asked: Requirement) -> bool:
    """Whether a package that is itself pinned asks for one version alone, as torch does for the parts of CUDA."""
    return any(one.operator == "==" and not one.version.endswith("*") for one in asked.specifier)
