"""Scripts that the default font lacks, and the fonts that have them. No font is opened here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Script:
    """The letters of a language, and fonts that have them.

    Attributes:
        extra: the extra of optanim that installs such a font.
        blocks: the first and the last code point of each block.
        families: font families that look well beside maths, the best first.
        packages: Python packages that contain font files.
    """

    extra: str
    blocks: tuple[tuple[int, int], ...]
    families: tuple[str, ...]
    packages: tuple[str, ...]

    def contains(self, char: str) -> bool:
        """Whether a character is in one of the blocks."""
        return any(first <= ord(char) <= last for first, last in self.blocks)


# The order matters: Han letters beside Hangul or kana are Korean or Japanese, alone Chinese.
SCRIPTS = (
    Script(
        "ko", ((0x1100, 0x11FF), (0x3130, 0x318F), (0xA960, 0xA97F), (0xAC00, 0xD7FF)),
        ("Noto Sans KR", "Noto Sans CJK KR", "NanumGothic", "Nanum Gothic", "NanumBarunGothic",
         "Malgun Gothic", "Apple SD Gothic Neo", "AppleGothic", "UnDotum"),
        ("pylopdf_fonts_ko", "koreanize_matplotlib"),
    ),
    Script(
        "ja", ((0x3041, 0x30FF), (0x31F0, 0x31FF), (0xFF66, 0xFF9F)),
        ("Noto Sans JP", "Noto Sans CJK JP", "IPAexGothic", "IPAGothic", "Hiragino Sans",
         "Yu Gothic", "Meiryo", "TakaoGothic", "VL Gothic", "MS Gothic"),
        ("pylopdf_fonts_jp", "matplotlib_fontja"),
    ),
    Script(
        "zh", ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF)),
        ("Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei",
         "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei", "Noto Sans TC", "Noto Sans CJK TC",
         "PingFang TC", "Microsoft JhengHei", "Droid Sans Fallback"),
        ("pylopdf_fonts_zh_cn", "pylopdf_fonts_zh_tw"),
    ),
)  # fmt: skip
