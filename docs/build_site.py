"""The site of the documentation, in site/.

python docs/build_site.py

Puts the README, docs/, CONTRIBUTING.md, SECURITY.md and CHANGELOG.md together in .site/, with the
pictures and configs that they show, and builds the site of that. A broken link is an error. To read
it, with its search: python -m http.server -d site
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
STAGE = ROOT / ".site"
LINK = re.compile(r"```.*?```|`[^`\n]*`|(?<=\]\()(?P<target>[^\s()]+)(?=\))", re.DOTALL)
"""A link; code comes first, as what looks like a link there is none."""

BESIDE = ("CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
"""Pages at the root of the repository."""


def gather(page: Path, name: str) -> None:
    """Copy a page, and the files that it links to, with links that lead to the copies."""

    def moved(match: re.Match[str]) -> str:
        target, hash, anchor = (match["target"] or "").partition("#")
        if not target or "://" in target:
            # In the code of a table GitHub wants `\\|` and the site `|`.
            return match[0] if match[0].startswith("```") else match[0].replace("\\|", "|")
        file = (page.parent / target).resolve()
        if file == ROOT / "README.md":
            return f"index.md{hash}{anchor}"
        place = file.relative_to(ROOT / "docs" if file.is_relative_to(ROOT / "docs") else ROOT)
        if file.suffix != ".md":
            if not file.is_file():
                raise SystemExit(f"{page}: there is no {target}")
            (STAGE / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, STAGE / place)
        return f"{place.as_posix()}{hash}{anchor}"

    (STAGE / name).write_text(LINK.sub(moved, page.read_text("utf-8")), "utf-8")


def main() -> None:
    shutil.rmtree(STAGE, ignore_errors=True)
    STAGE.mkdir()
    gather(ROOT / "README.md", "index.md")
    for page in [*(ROOT / "docs").glob("*.md"), *map(ROOT.joinpath, BESIDE)]:
        gather(page, page.name)
    shutil.copy(ROOT / "docs" / "site.css", STAGE)
    command = [str(Path(sys.executable).with_name("zensical")), "build", "--strict", "--clean"]
    raise SystemExit(subprocess.run(command, cwd=ROOT).returncode)


if __name__ == "__main__":
    main()
