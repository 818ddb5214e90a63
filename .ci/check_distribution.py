# SPDX-License-Identifier: Apache-2.0
"""Build the wheel and the source distribution twice, compare them, and check what is in them.

Run with the project's folder as the current one; exits with a message when something is wrong.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

#: Two builds that differ in what a build could differ by.
CIRCUMSTANCES = (
    {"TZ": "UTC", "umask": "022", "PYTHONHASHSEED": "1", "folder": "one"},
    {"TZ": "Asia/Tokyo", "umask": "077", "PYTHONHASHSEED": "2", "folder": "another/deeper"},
)

LINK = re.compile(r"\]\((?!https?://)[^)]*\)|!\[")


def build(place: pathlib.Path, circumstances: dict[str, str]) -> dict[str, bytes]:
    """The distributions, by name, of a copy of what git has of the project."""
    copy = place / circumstances["folder"]
    names = subprocess.check_output(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], text=True
    )
    for name in filter(None, names.split("\0")):
        if os.path.exists(name):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(name, copy / name)
    moment = subprocess.check_output(["git", "log", "-1", "--format=%ct"], text=True).strip()
    env = {**os.environ, "SOURCE_DATE_EPOCH": moment, **circumstances}
    words = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(copy / "dist")]
    subprocess.run(
        words, cwd=copy, env=env, umask=int(circumstances["umask"], 8), check=True,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return {path.name: path.read_bytes() for path in (copy / "dist").iterdir()}


def check_readme(wheel: pathlib.Path) -> None:
    """The description leads nowhere that is only in a checkout."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (one for one in archive.namelist() if one.endswith(".dist-info/METADATA"))
        description = archive.read(name).decode().partition("\n\n")[2]
    found = LINK.findall(description)
    if found or "## Two commands" not in description:
        sys.exit(f"{wheel.name}: its description is not README.md without links: {found}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        first, second = (build(place, one) for one in CIRCUMSTANCES)
        if len(first) != 2 or first.keys() != second.keys():
            sys.exit(f"built {sorted(first)} and then {sorted(second)}")
        for name in sorted(first):
            if first[name] != second[name]:
                sys.exit(f"{name}: two builds of the same files differ")
        made = sorted((place / CIRCUMSTANCES[0]["folder"] / "dist").iterdir())
        (wheel,) = (path for path in made if path.suffix == ".whl")
        check_readme(wheel)
        scripts = pathlib.Path(sys.executable).parent
        subprocess.run([scripts / "check-wheel-contents", wheel], check=True)
        subprocess.run([scripts / "twine", "check", "--strict", *made], check=True)
        for name, content in sorted(first.items()):
            print(f"{name}: {len(content)} bytes, the same twice")


if __name__ == "__main__":
    main()
