"""The house: modules import only from those above them, and each heavy library has one room."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import optanim

HOME = Path(optanim.__file__).parent

ORDER = """
    errors numbers expression option plain wording validation catalogue choice rules rate_grid
    view figure animation claim_types formula_types notation surface stochastic window
    requirements stated fitting surfaces schedule schedules optimizers sweep config schema
    simulation tuning trials account results claim finding claims verdicts timeline caption
    layout pen themes scene color_scale swarm framing josa languages alt compose drawing scripts
    fonts lettering marks readings axes landscape arrows key panels legend bar edges pixels
    shades paint film palette boxes writing video formats provenance signals files stamp
    rendering jobs ahead processes cluster batch makefile saves watching report tables rows
    snippet starter serving diagnosis completion options figures commands cli __main__
""".split()

ONLY = {
    "matplotlib": {
        "arrows",
        "axes",
        "bar",
        "diagnosis",
        "drawing",
        "edges",
        "fonts",
        "key",
        "landscape",
        "legend",
        "lettering",
        "marks",
        "paint",
        "panels",
        "readings",
    },
    "PIL": {"formats"},
    "cloudpickle": {"jobs"},
    "distributed": {"cluster"},
    "multiprocessing": {"processes"},
    "yaml": {"config", "stamp", "themes"},
    "typer": {"commands", "cli", "figures", "options"},
    "rich": {"report"},
    "sympy": {"expression"},
    "watchfiles": {"watching"},
    "packaging": {"diagnosis"},
}  # fmt: skip


def room(file: Path) -> str:
    return file.relative_to(HOME).parts[0].removesuffix(".py")


def imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


FILES = [file for file in HOME.rglob("*.py") if file != HOME / "__init__.py"]


def test_every_module_has_its_place() -> None:
    assert {room(file) for file in FILES} == set(ORDER)


def test_imports_go_up() -> None:
    for file in FILES:
        for name in imports(file):
            parts = name.split(".")
            if parts[0] == "optanim" and len(parts) > 1 and parts[1] in ORDER:
                above = ORDER.index(parts[1]) <= ORDER.index(room(file))
                assert above, f"{file.relative_to(HOME)} imports {name}"


def test_heavy_libraries_keep_to_their_rooms() -> None:
    for file in FILES:
        for name in imports(file):
            library = name.split(".")[0]
            assert room(file) in ONLY.get(library, {room(file)}), f"{file} imports {name}"
            assert "pyplot" not in name


def test_modules_are_short() -> None:
    assert {str(f): n for f in FILES if (n := f.read_text("utf-8").count("\n")) > 400} == {}


def loaded(*arguments: str) -> set[str]:
    """The modules that a command has imported when it ends."""
    code = (
        "import sys\nfrom optanim.cli import main\n"
        f"sys.argv = ['optanim', *{list(arguments)!r}]\n"
        "try: main()\nexcept SystemExit as stop: assert not stop.code, stop.code\n"
        "print('\\nLOADED', *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split("LOADED")[1].split())


def test_help_imports_neither_numpy_nor_matplotlib() -> None:
    assert not loaded("--help") & {"numpy", "matplotlib", "pydantic", "yaml", "PIL"}


def test_check_and_embed_do_without_matplotlib(tmp_path: Path) -> None:
    config = tmp_path / "c.yaml"
    config.write_text(
        "surface: beale\nstart: [1, 1]\noptimizer: gd\npanels: [contour]\n"
        "figure: {theme: {name: dark, ink: '#FFF'}, font: Noto Sans KR}\n"
    )
    for command in ("check", "embed"):
        assert not loaded(command, str(config)) & {"matplotlib", "sympy"}
