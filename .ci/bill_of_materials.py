"""Writes build/sbom.json: what the product runs on, by its locks and what is installed, with licences (CycloneDX 1.6).

Fails where something has a licence that nobody has looked at.
"""

import json
import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"required": ROOT / "requirements/base.lock", "optional": ROOT / "requirements/optional.lock"}
OUTPUT = ROOT / "build/sbom.json"
PINNED = re.compile(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)( *;)?", re.MULTILINE)
# They ask for no more than that the authors are named, or that changes to the library itself are shared.
ALLOWED = re.compile(
    r"(?:MIT(?:-0|-CMU)?|BSD(?:-[23]-Clause)?|0BSD|Apache(?:-2\.0)?|Zlib|CC0-1\.0|PSF-2\.0|Python|LGPL-3\.0-only)"
    r"(?: Software)?(?: Foundation)?(?: License)?|GNU Library or Lesser General Public License \(LGPL\)"
    r"|Mozilla Public License 2\.0 \(MPL 2\.0\)"
)
# Whose names of licences say less than their texts.
LOOKED_AT = {
    "pyphen": "one of the three may be chosen, and LGPL is one",
    "qrcode": "BSD; the other is the note that ‘QR Code’ is a trademark",
}


def get_licence(found: Distribution) -> str:
    """The expression where there is one, else the classifiers, else the first line of free text."""
    facts = found.metadata
    if "License-Expression" in facts:
        return facts["License-Expression"]
    classifiers = [
        str(each).rsplit(" :: ", 1)[-1]
        for each in facts.get_all("Classifier") or []
        if str(each).startswith("License :: ") and not str(each).endswith("OSI Approved")
    ]
    told = facts.get_all("License") or [""]
    return " AND ".join(classifiers) or str(told[0]).strip().split("\n")[0]


def describe(name: str, version: str, scope: str) -> dict[str, object]:
    found = distribution(name)
    if found.version != version:
        raise LookupError(
            f"{name} {found.version} is installed, but the lock says {version}: run make install."
        )
    licence = get_licence(found)
    if name not in LOOKED_AT and not all(ALLOWED.fullmatch(part) for part in re.split(" AND | OR ", licence)):
        raise LookupError(
            f"{name} has the licence '{licence}': see whether we may use it, and add it to ALLOWED."
        )
    return {
        "type": "library",
        "scope": scope,
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name.lower()}@{version}",
        "licenses": [{"license": {"name": licence}}],
    }


def main() -> int:
    components: dict[str, dict[str, Any]] = {}
    wrong: list[str] = []
    for scope, lock in LOCKS.items():
        pins = PINNED.findall(lock.read_text(encoding="utf-8"))
        if not pins:
            wrong.append(f"{lock} names no package.")
        for name, version, marker in pins:
            try:
                # What both name is required.
                components.setdefault(name, describe(name, version, scope))
            except PackageNotFoundError:
                # Another system or another Python may need it; this one need not have it.
                if not marker:
                    wrong.append(f"{name} is in the lock, but not installed: run make install-tests.")
            except LookupError as error:
                wrong.append(str(error))
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "components": list(components.values()),
    }
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps(bill, indent=1) + "\n", encoding="utf-8")
    print("\n".join(wrong) or f"{len(components)} packages in {OUTPUT.relative_to(ROOT)}.")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
