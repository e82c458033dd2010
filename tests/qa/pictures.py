"""Small pictures, with and without what must not come along."""

from __future__ import annotations

import io

from PIL import Image

#: What an honest camera writes into its pictures.
CAMERA, TAKEN = "Secret Camera 9000", "somewhere near the harbour"


def picture(kind: str = "PNG", *, size: tuple[int, int] = (8, 6), mode: str = "RGB") -> bytes:
    """A plain picture."""
    out = io.BytesIO()
    Image.new(mode, size, "teal").save(out, kind)
    return out.getvalue()


def photograph(*, turned: int = 6) -> bytes:
    """A photograph with a camera's name, a place, a comment, and bytes behind its end; *turned* as EXIF says it."""
    image = Image.new("RGB", (40, 20), "white")
    image.paste("red", (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0110], exif[0x010E], exif[0x0112] = CAMERA, TAKEN, turned
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"decided: remove", quality=95)
    return out.getvalue() + b"<script>behind the end</script>"
