"""The structure: rooms in the order of the data, one room for each heavy library, short modules."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import optanim

HOME = Path(optanim.__file__).parent

ORDER = """
    printable errors files extras formulas schema surfaces optimizers config experiment scene
    drawing encoding player
    pipeline plugin cli
""".split()
"""The rooms, from the ground up: each imports only from those before it."""

BESIDE = {"__init__", "__main__", "__version__"}
"""Modules at the root that are no rooms."""

LIBRARIES = {
    "PIL": {"encoding"},
    "cloudpickle": {"pipeline"},
    "distributed": {"pipeline"},
    "jax": {"optimizers"},
    "matplotlib": {"drawing"},
    "multiprocessing": {"pipeline"},
    "optax": {"optimizers"},
    "packaging": {"cli"},
    "rich": {"cli"},
    "sympy": set(),  # an oracle of the tests
    "torch": {"optimizers"},
    "typer": {"cli"},
    "watchfiles": {"pipeline"},
    "yaml": {"config", "scene"},  # the files of themes are data
}
"""The rooms that import a heavy library."""

FILES = sorted(HOME.rglob("*.py"))
MAX_LINES, MAX_FUNCTION_LINES = 400, 60


def room(file: Path) -> str:
    return file.relative_to(HOME).parts[0].removesuffix(".py")


def imports(file: Path) -> set[str]:
    """The modules that a file imports, and `module.name` for each name that it takes from one."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


IMPORTS = [(file, name) for file in FILES for name in sorted(imports(file))]


def test_every_module_has_its_room() -> None:
    assert {room(file) for file in FILES} - BESIDE == {*ORDER}


def test_rooms_import_from_those_before_them() -> None:
    wrong = [
        f"{file.relative_to(HOME)} imports {name}"
        for file, name in IMPORTS
        if room(file) not in BESIDE and name.startswith("optanim.")
        and (other := name.split(".")[1]) in ORDER
        and ORDER.index(other) > ORDER.index(room(file))
    ]  # fmt: skip
    assert not wrong


def test_heavy_libraries_keep_to_their_rooms() -> None:
    wrong = [
        f"{file.relative_to(HOME)} imports {name}"
        for file, name in IMPORTS
        if room(file) not in LIBRARIES.get(name.split(".")[0], {room(file)}) or "pyplot" in name
    ]
    assert not wrong


def test_private_modules_are_imported_in_their_own_room() -> None:
    wrong = [
        f"{file.relative_to(HOME)} imports {name}"
        for file, name in IMPORTS
        if name.startswith("optanim.") and room(file) != (parts := name.split("."))[1]
        and any(part.startswith("_") and not part.startswith("__") for part in parts)
    ]  # fmt: skip
    assert not wrong


def test_a_public_class_is_defined_once() -> None:
    places: dict[str, list[str]] = {}
    for file in FILES:
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(str(file.relative_to(HOME)))
    assert {name: files for name, files in places.items() if len(files) > 1} == {}


def test_modules_and_functions_are_short() -> None:
    long = {}
    for file in FILES:
        text = file.read_text("utf-8")
        if text.count("\n") > MAX_LINES:
            long[str(file.relative_to(HOME))] = text.count("\n")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.end_lineno:
                lines = node.end_lineno - node.lineno + 1
                if lines > MAX_FUNCTION_LINES:
                    long[f"{file.relative_to(HOME)}: {node.name}"] = lines
    assert long == {}


def loaded(*arguments: str) -> set[str]:
    """The modules that a command has imported when it ends."""
    code = (
        "import sys\nfrom optanim.cli.app import main\n"
        f"sys.argv = ['optanim', *{list(arguments)!r}]\n"
        "try: main()\nexcept SystemExit as stop: assert not stop.code, stop.code\n"
        "print('\\nLOADED', *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split("LOADED")[1].split())


def test_help_imports_neither_numpy_nor_matplotlib() -> None:
    assert not loaded("--help") & {"numpy", "matplotlib", "pydantic", "yaml", "PIL"}


def test_check_of_a_formula_imports_nothing_that_draws(tmp_path: Path) -> None:
    config = tmp_path / "c.yaml"
    text = "surface: {expr: x**2 + sqrt(1 + y**2)}\nstart: [1, 1]\noptimizer: gd\nformats: "
    config.write_text(text + "[gif, webp, png]\n")
    heavy = {"matplotlib", "PIL", "sympy", "optanim.pipeline.render", "optanim.scene.alt_text"}
    assert not loaded("check", str(config)) & heavy


def test_check_and_embed_do_without_matplotlib(tmp_path: Path) -> None:
    config = tmp_path / "c.yaml"
    text = "surface: beale\nstart: [1, 1]\noptimizer: gd\npanels: [contour]\n"
    # Only a font, TeX, or letters that not every font has need matplotlib for the check.
    for command, font in (("check", ""), ("embed", ", font: Noto Sans KR")):
        config.write_text(f"{text}figure: {{theme: {{name: dark, ink: '#FFF'}}{font}}}\n")
        assert not loaded(command, str(config)) & {"matplotlib", "sympy"}
