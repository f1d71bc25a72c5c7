from typing import BinaryIO

from optanim.encoding.ffmpeg import ffmpeg, video
from optanim.encoding.film import Film
from optanim.encoding.write import Writer, needs


@needs(ffmpeg)
def webm(film: Film, file: BinaryIO) -> Writer:
    """WebM: VP9 video, free of patents, for pages; needs ffmpeg.

    It plays once: how often is for the page to say, as `<video loop>` does.

    Reference: RFC 9559 and the WebM project's VP9, written by ffmpeg with libvpx; quality 24.
    """
    codec = ("-c:v", "libvpx-vp9", "-crf", "24", "-b:v", "0", "-g", "600")
    # Its tools for screens, at a tenth of the time that the slow modes take for as small a file.
    fast = ("-deadline", "realtime", "-cpu-used", "5", "-tune-content", "screen")
    return video(film, file, (*codec, *fast, "-f", "webm"))
