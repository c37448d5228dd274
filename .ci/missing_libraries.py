"""Prints the Debian packages whose shared libraries or fonts this machine lacks. Runs before anything is installed."""

import ctypes
import ctypes.util
import sys
from pathlib import Path

# WeasyPrint lays out PDF with the first three; python-magic tells what a file is with the last.
PACKAGES = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
    "magic": "libmagic1",
}
# The driver of the browser tests brings a node of its own, which asks for this.
TEST_PACKAGES = {"atomic": "libatomic1"}
FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/Library/Fonts",
)


def has_library(name: str) -> bool:
    """Whether the library loads: a name that is found may still lack what it stands on."""
    # find_library needs ldconfig or a compiler, which a bare machine may hide from users; the plain names need neither.
    for candidate in (f"lib{name}.so.0", f"lib{name}.so.1", ctypes.util.find_library(name)):
        try:
            if candidate:
                ctypes.CDLL(candidate)
                return True
        except OSError:
            continue
    return False


def has_font() -> bool:
    """Whether any outline font is there: without one WeasyPrint prints boxes."""
    folders = (Path(folder).expanduser() for folder in FONT_FOLDERS)
    return any(file.suffix in {".ttf", ".otf", ".ttc"} for folder in folders for file in folder.rglob("*"))


if __name__ == "__main__":
    needed = PACKAGES | (TEST_PACKAGES if "--with-tests" in sys.argv[1:] else {})
    missing = [package for name, package in needed.items() if not has_library(name)]
    if not has_font():
        missing.append("fonts-dejavu-core")
    for package in missing:
        print(package)
