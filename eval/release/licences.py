"""The licences that packages state of themselves in, those that wence may not be shipped with out. No lawyer.

Allowed is what asks for no more than its notice; copyleft of single files where they are used as they come (MPL); and
for extras and tools, which are not shipped with wence, copyleft of a library that stays one of its own (LGPL).
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from license_expression import ExpressionError, get_spdx_licensing

PERMISSIVE: Final = frozenset(
    "0BSD Apache-2.0 BSD-2-Clause BSD-3-Clause BSL-1.0 CC0-1.0 CNRI-Python HPND ISC MIT MIT-0 MIT-CMU PSF-2.0 Python-2.0"
    " Unlicense Zlib".split()
) | {"Apache-2.0 WITH LLVM-exception"}
OF_FILES: Final = frozenset({"MPL-2.0"})
OF_LIBRARIES: Final = frozenset({"LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later"})
SHIPPED: Final = PERMISSIVE | OF_FILES
BESIDE: Final = SHIPPED | OF_LIBRARIES

_WORDS: Final = {
    "3-clause bsd license": "BSD-3-Clause",
    "apache": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache 2.0 license": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0",
    "the unlicense (unlicense)": "Unlicense",
}
"""What packages without an SPDX expression call their licence."""

READ: Final = {
    "pypdfium2": "Apache-2.0 AND BSD-3-Clause",  # PDFium and what it is built of, all permissive; texts in its wheel
    "rapidocr": "Apache-2.0",
}
"""What was read in the texts of packages whose metadata does not say it."""

_LICENSING: Final = get_spdx_licensing()


def listed(interpreter: Path) -> list[dict[str, str]]:
    """Name, version, licence and address of every package of an environment, as pip-licenses reads them."""
    options = [f"--python={interpreter}", "--format=json", "--from=mixed", "--with-urls", "--with-system"]
    ran = subprocess.run(
        [sys.executable, "-m", "piplicenses", *options], capture_output=True, check=True, encoding="utf-8"
    )
    found: list[dict[str, str]] = json.loads(ran.stdout)
    return found


def faults(rows: Sequence[Mapping[str, str]], allowed: frozenset[str] = SHIPPED) -> Iterator[str]:
    """Packages whose licence is not among those allowed or cannot be told, a line each."""
    for row in rows:
        said = READ.get(row["Name"].lower().replace("_", "-"), row["License"])
        expression = as_spdx(said)
        if expression is None:
            yield f"{row['Name']} {row['Version']}: states {said[:60]!r}; read its licence, then name it in licences.py"
        elif not _is_met(expression, allowed):
            yield f"{row['Name']} {row['Version']}: {expression} is not allowed here; do without it"


def as_spdx(said: str) -> Any:
    """What a package calls its licence as an SPDX expression, None where it cannot be told. Several ask for all."""
    first = said.strip().partition("\n")[0].strip()
    parts = [_WORDS.get(part.strip().lower(), part.strip()) for part in first.split(";")]
    try:
        return _LICENSING.parse(" AND ".join(f"({part})" for part in parts), validate=True)
    except (ExpressionError, IndexError):  # the latter of nothing between brackets
        return None


def _is_met(expression: Any, allowed: frozenset[str]) -> bool:
    if not (parts := getattr(expression, "args", ())) or str(expression) in allowed:
        return str(expression) in allowed
    met = [_is_met(part, allowed) for part in parts]
    return any(met) if expression.operator.strip() == "OR" else all(met)
