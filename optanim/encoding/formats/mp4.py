from typing import BinaryIO

from optanim.encoding.ffmpeg import find_ffmpeg, write_video
from optanim.encoding.film import Film
from optanim.encoding.write import Writer, needs


@needs(find_ffmpeg)
def mp4(film: Film, file: BinaryIO) -> Writer:
    """MP4: H.264 video, for players, slides and sites that take no GIF; needs ffmpeg.

    It plays once. A page can repeat it: `<video loop>`.

    Reference: ISO/IEC 14496-10 and -14, written by ffmpeg with x264 at constant quality 20.
    """
    codec = ("-c:v", "libx264", "-preset", "slower", "-crf", "20", "-g", "600")
    return write_video(film, file, (*codec, "-movflags", "+faststart", "-f", "mp4"))
