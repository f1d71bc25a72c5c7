from typing import BinaryIO, Literal

from optanim.encoding.ffmpeg import check_encoder, find_ffmpeg, write_video
from optanim.encoding.film import Film
from optanim.encoding.write import Writer, needs

Codec = Literal["vp9", "av1"]

# The tools for screen content: files as small as in the slow modes, in a tenth of the time.
VP9 = (
    "-c:v", "libvpx-vp9", "-crf", "24", "-b:v", "0",
    "-deadline", "realtime", "-cpu-used", "5", "-tune-content", "screen",
)  # fmt: skip

# One process, and the tools for screen content in every frame.
AV1 = ("-c:v", "libsvtav1", "-preset", "8", "-crf", "36", "-svtav1-params", "lp=1:scm=1")


def check_codec(*, codec: Codec = "vp9") -> None:
    """Check that this machine has the program that writes the codec.

    Raises:
        ConfigError: it has not.
    """
    if codec == "av1":
        help = "write codec: vp9, or install an ffmpeg from 5.1 on with SVT-AV1"
        check_encoder("libsvtav1", "svtav1-params", help)
    else:
        find_ffmpeg()


@needs(check_codec)
def webm(film: Film, file: BinaryIO, *, codec: Codec = "vp9") -> Writer:
    """WebM: VP9 or AV1 video, free of patents, for pages; needs ffmpeg.

    It plays once. A page can repeat it: `<video loop>`.

    Reference: RFC 9559 and the WebM project's VP9, written by ffmpeg with libvpx at quality 24; or
    the Alliance for Open Media's AV1, with SVT-AV1 at quality 36. AV1 is about half as large and
    takes five times as long. Safari plays it only where the machine decodes it.
    """
    options = AV1 if codec == "av1" else VP9
    return write_video(film, file, (*options, "-g", "600", "-f", "webm"))
