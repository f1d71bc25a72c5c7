from typing import BinaryIO

from optanim.encoding.ffmpeg import ffmpeg, video
from optanim.encoding.film import Film
from optanim.encoding.write import Writer, needs


@needs(ffmpeg)
def mp4(film: Film, file: BinaryIO) -> Writer:
    """MP4: H.264 video, for players, slides and sites that take no GIF; needs ffmpeg.

    It plays once: how often is for the page to say, as `<video loop>` does.

    Reference: ISO/IEC 14496-10 and -14, written by ffmpeg with x264; constant quality 20.
    """
    codec = ("-c:v", "libx264", "-preset", "slower", "-crf", "20", "-g", "600")
    return video(film, file, (*codec, "-movflags", "+faststart", "-f", "mp4"))
