from typing import BinaryIO

from optanim.encoding.ffmpeg import find_ffmpeg, write_video
from optanim.encoding.film import Film
from optanim.encoding.write import Writer, needs


@needs(find_ffmpeg)
def webm(film: Film, file: BinaryIO) -> Writer:
    """WebM: VP9 video, free of patents, for pages; needs ffmpeg.

    It plays once. A page can repeat it: `<video loop>`.

    Reference: RFC 9559 and the WebM project's VP9, written by ffmpeg with libvpx at quality 24.
    """
    codec = ("-c:v", "libvpx-vp9", "-crf", "24", "-b:v", "0", "-g", "600")
    # The tools for screen content: files as small as in the slow modes, in a tenth of the time.
    fast = ("-deadline", "realtime", "-cpu-used", "5", "-tune-content", "screen")
    return write_video(film, file, (*codec, *fast, "-f", "webm"))
