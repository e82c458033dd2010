"""Pictures from outside, painted anew: what comes out holds the picture and nothing else."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

#: More pixels than this are not unpacked at all; a picture is shown no larger than that on a side.
MOST_PIXELS, LONGEST_SIDE = 40_000_000, 2_400
#: What is tried. Formats that can hold programs or refer to other files are not.
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")


def painted_anew(data: bytes) -> tuple[bytes, str] | None:
    """(bytes, media type) of the picture in *data*; None when it is no picture, is broken, or too large.

    Turned as its camera meant it, at most 2,400 pixels a side, the first frame of a moving one. No metadata, no
    thumbnail, no colour profile, no comment and nothing behind the picture's end is taken along.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    return None
                return _painted(opened)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning):
        return None


def _painted(opened: Image.Image) -> tuple[bytes, str]:
    turned = ImageOps.exif_transpose(opened)
    has_alpha = turned.mode in ("LA", "PA", "RGBA") or "transparency" in turned.info
    plain = turned.convert("RGBA" if has_alpha else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    canvas = Image.new(plain.mode, plain.size)
    canvas.paste(plain)
    out = io.BytesIO()
    if has_alpha:
        canvas.save(out, "PNG")
        return out.getvalue(), "image/png"
    canvas.save(out, "JPEG", quality=88)
    return out.getvalue(), "image/jpeg"
