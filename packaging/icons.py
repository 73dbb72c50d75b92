"""The program's icon, drawn from resources/icons/pessdesk.svg in the forms that systems want: PNG, ICO, ICNS.

python packaging/icons.py FOLDER
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SOURCE = Path(__file__).resolve().parents[1] / "resources" / "icons" / "pessdesk.svg"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
ICO = (16, 24, 32, 48, 64, 128, 256)


def draw(size: int) -> bytes:
    """The icon as a PNG of so many pixels."""
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(SOURCE)).render(painter, QRectF(0, 0, size, size))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def make(folder: Path) -> None:
    """`NNN.png`, `pessdesk.ico` and `pessdesk.icns` in a folder; each size drawn for itself, not scaled."""
    folder.mkdir(parents=True, exist_ok=True)
    app = QGuiApplication.instance() or QGuiApplication([])
    drawn = {size: draw(size) for size in (*SIZES, 1024)}
    for size in SIZES:
        (folder / f"{size}.png").write_bytes(drawn[size])
    pictures = {size: Image.open(io.BytesIO(png)) for size, png in drawn.items()}
    others = [pictures[size] for size in ICO[:-1]]
    pictures[256].save(folder / "pessdesk.ico", sizes=[(size, size) for size in ICO], append_images=others)
    pictures[1024].save(folder / "pessdesk.icns", append_images=[pictures[size] for size in (32, 64, 128, 256, 512)])
    del app


if __name__ == "__main__":
    make(Path(sys.argv[1]))
