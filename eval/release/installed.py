"""pyproject.toml and the packages installed here in, those that wence or one of its extras needs out. Asks no index."""

import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

SELF: Final = "wence"
WITH_PYTHON: Final = frozenset({"pip"})
"""What every environment comes with, so that it is neither shipped nor pinned."""

Needs = Mapping[str, list[Requirement]]
"""What is needed by each extra, and under "" without any."""


@dataclass(slots=True)
class Closure:
    """Everything that some requirements lead to. `found` and `asked` (who asks for it, and how) are keyed by name;
    `missing` is needed and not installed.
    """

    found: dict[str, Distribution] = field(default_factory=dict)
    asked: dict[str, list[Requirement]] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)


def needs(pyproject: Path) -> Needs:
    """The requirements that a pyproject.toml states."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    stated = {"": project["dependencies"], **project.get("optional-dependencies", {})}
    return {extra: [Requirement(line) for line in lines] for extra, lines in stated.items()}


def closure(own: Needs, extras: Iterable[str] = ()) -> Closure:
    """What wence needs here, with these extras: on this system and Python, by the metadata of what is installed."""
    reached, waiting, seen = Closure(), [(SELF, extra) for extra in ("", *extras)], set[tuple[str, str]]()
    while waiting:
        step = name, extra = waiting.pop()
        if step in seen:
            continue
        seen.add(step)
        if name in WITH_PYTHON:
            continue
        if name != SELF and name not in reached.found:
            try:
                reached.found[name] = distribution(name)
            except PackageNotFoundError:
                reached.missing.add(name)
                continue
        for asked in own.get(extra, []) if name == SELF else _asked_by(reached.found[name], extra):
            other = canonicalize_name(asked.name)
            if other != SELF:
                reached.asked.setdefault(other, []).append(asked)
            waiting += [(other, wanted) for wanted in ("", *asked.extras)]
    return reached


def lay_out(distributions: Iterable[Distribution], folder: Path) -> Path:
    """An environment in which nothing is installed but these, as far as their metadata tells; its interpreter.

    Tools that list an environment then list what is shipped, without what tests or they themselves need.
    """
    packages = folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    packages.mkdir(parents=True)
    for one in distributions:
        metadata = next(Path(str(file.locate())).parent for file in one.files or [] if file.name == "METADATA")
        (packages / metadata.name).symlink_to(metadata, target_is_directory=True)
    base = Path(sys.base_prefix, "bin", f"python{sys.version_info.major}.{sys.version_info.minor}")
    (folder / "bin").mkdir()
    (folder / "bin" / "python").symlink_to(base)
    (folder / "pyvenv.cfg").write_text(f"home = {base.parent}\ninclude-system-site-packages = false\n", "utf-8")
    return folder / "bin" / "python"


def _asked_by(one: Distribution, extra: str) -> list[Requirement]:
    """What a package needs here for one of its extras, or without any ("")."""
    found = [Requirement(line) for line in one.requires or []]
    if extra:
        return [each for each in found if each.marker and each.marker.evaluate({"extra": extra})]
    return [each for each in found if not each.marker or each.marker.evaluate({"extra": ""})]
