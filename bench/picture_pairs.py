"""Pictures to tell the same from the different with: real ones from a folder of samples, changed the way people do."""

from __future__ import annotations

import hashlib
import io
import random
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pillow_heif
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

PHOTO_COLOURS = 100
"""Distinct colours (5 bits a channel, 64 x 64 pixels) from which a picture is taken for a photograph."""
_LEAST_PX = (300, 150)
_MOST_PIXELS = 40_000_000
_ONE_SCENE = ("Landscape_", "Portrait_", "landscape_", "portrait_")
"""Files of one scene in eight orientations, each with its number painted in: one of each is enough."""
_RASTER = (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".heic", ".heif")

Variant = tuple[str, bytes]


@dataclass(frozen=True)
class Base:
    """An upright picture, mode RGB."""

    name: str
    picture: Image.Image
    photograph: bool

    @property
    def held_out(self) -> bool:
        """Chosen by a hash of the name: not looked at while thresholds were set."""
        return hashlib.sha256(self.name.encode()).digest()[0] % 2 == 1


def load_bases(corpus: Path) -> list[Base]:
    """Every different picture of the folders `image` and `docx` that is large enough, by name; empty when absent."""
    pillow_heif.register_heif_opener()
    warnings.simplefilter("ignore")
    found: dict[str, Base] = {}
    for name, data in _files(corpus):
        base = _opened(name, data)
        if base is not None and (scene := _scene(name)) not in {_scene(each.name) for each in found.values()}:
            found.setdefault(scene + hashlib.sha256(base.picture.tobytes()).hexdigest(), base)
    return sorted(found.values(), key=lambda base: base.name)


def _files(corpus: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted((corpus / "image").glob("*")):
        yield path.name, path.read_bytes()
    for path in sorted((corpus / "docx").glob("*")):
        try:
            with zipfile.ZipFile(path) as package:
                for entry in package.infolist():
                    if entry.filename.lower().endswith(_RASTER) and entry.file_size < 30_000_000:
                        yield f"{path.name}/{entry.filename}", package.read(entry)
        except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError):
            continue


def _opened(name: str, data: bytes) -> Base | None:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                return None
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except Exception:  # noqa: BLE001 -- hostile samples; another test reads them
        return None
    if max(upright.size) < _LEAST_PX[0] or min(upright.size) < _LEAST_PX[1]:
        return None
    colours = upright.resize((64, 64), Image.Resampling.NEAREST).point(lambda value: value >> 3).getcolors(64 * 64)
    return Base(name, upright, len(colours or ()) >= PHOTO_COLOURS)


def _scene(name: str) -> str:
    """What files of one scene have in common; the whole name for all others."""
    for prefix in _ONE_SCENE:
        source, mark, _ = name.partition(f"__{prefix}")
        if mark:
            return source + mark
    return name


def saved(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """The bytes of a file."""
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def scaled(picture: Image.Image, factor: float) -> Image.Image:
    """The picture at another size."""
    size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
    return picture.resize(size, Image.Resampling.LANCZOS)


def same_variants(picture: Image.Image) -> Iterator[Variant]:
    """One picture as it comes again: through a chat, out of Word, converted, turned."""
    for quality in (20, 40, 70, 95):
        yield f"JPEG quality {quality}", saved(picture, quality=quality)
    for factor in (0.25, 0.5, 0.75, 1.5, 2.0):
        yield f"size x {factor}", saved(scaled(picture, factor), quality=80)
    yield "chat: half size, quality 50", saved(scaled(picture, 0.5), quality=50)
    yield "PNG", saved(picture, "PNG", compress_level=1)
    yield "WebP", saved(picture, "WEBP", quality=60, method=2)
    yield "HEIC", saved(picture, "HEIF", quality=50)
    yield "AVIF", saved(picture, "AVIF", quality=50, speed=9)
    for degrees, turn in ((90, "ROTATE_90"), (180, "ROTATE_180"), (270, "ROTATE_270")):
        turned = picture.transpose(Image.Transpose[turn])
        yield f"turned {degrees}", saved(turned, quality=80)
        yield f"turned {degrees}, half size", saved(scaled(turned, 0.5), quality=70)
    tags = Image.Exif()
    tags[0x0112] = 6
    yield "turned in its header", saved(picture.transpose(Image.Transpose.ROTATE_90), quality=80, exif=tags)
    yield "brighter by 10 %", saved(ImageEnhance.Brightness(picture).enhance(1.1), quality=85)
    yield "darker by 10 %", saved(ImageEnhance.Brightness(picture).enhance(0.9), quality=85)


def edited_variants(picture: Image.Image) -> Iterator[Variant]:
    """One picture after somebody worked on it: in doubt two."""
    width, height = picture.size
    for share in (0.01, 0.02, 0.05):
        x, y = round(width * share / 2), round(height * share / 2)
        yield f"cropped by {share:.0%}", saved(picture.crop((x, y, width - x, height - y)), quality=85)
    stamped = picture.copy()
    ImageDraw.Draw(stamped).text((width * 0.7, height * 0.9), "2022-12-01 09:30", "orange", font_size=height / 20)
    yield "date stamped", saved(stamped, quality=85)
    screen = Image.new("RGB", (1080, 2340), "black")
    shown = scaled(picture, 1080 / width)
    screen.paste(shown, (0, (2340 - shown.height) // 2))
    yield "screenshot", saved(screen, "PNG", compress_level=1)


def other_shots(picture: Image.Image, seed: int) -> Iterator[Variant]:
    """What a second press of the button gives, on a picture with room at its edges; the first is the shot itself."""
    width, height = picture.size
    edge = 0.06

    def shot(across: float = 0.0, down: float = 0.0, degrees: float = 0.0) -> Image.Image:
        turned = picture.rotate(degrees, Image.Resampling.BICUBIC) if degrees else picture
        left, top = width * (edge + across), height * (edge + down)
        box = (round(left), round(top), round(left + width * (1 - 2 * edge)), round(top + height * (1 - 2 * edge)))
        return turned.crop(box)

    yield "first shot", saved(shot(), quality=85)
    for share in (0.01, 0.02, 0.04):
        yield f"moved by {share:.0%}", saved(shot(across=share, down=share / 2), quality=85)
    yield "turned by 1 degree", saved(shot(degrees=1.0), quality=85)
    yield "somebody moved", saved(_somebody_moved(shot(), seed), quality=85)
    yield "before and after", saved(_repaired(shot(), seed), quality=85)
    yield "mirrored", saved(ImageOps.mirror(shot()), quality=85)


def _somebody_moved(picture: Image.Image, seed: int) -> Image.Image:
    """A piece the size of a person in a group, taken from elsewhere in the picture."""
    dice = random.Random(seed)
    width, height = picture.width // 8, picture.height // 4
    x, y = (dice.randrange(whole - part) for whole, part in zip(picture.size, (width, height), strict=True))
    to_x = (x + picture.width // 3) % (picture.width - width)
    moved = picture.copy()
    moved.paste(picture.crop((x, y, x + width, y + height)), (to_x, y))
    return moved


def _repaired(picture: Image.Image, seed: int) -> Image.Image:
    """The same corner after the work was done: a third of it looks new."""
    dice = random.Random(seed)
    width, height = picture.width // 2, picture.height * 2 // 3
    x, y = dice.randrange(picture.width - width), dice.randrange(picture.height - height)
    done = picture.copy()
    new = ImageOps.posterize(ImageEnhance.Brightness(picture.crop((x, y, x + width, y + height))).enhance(1.5), 3)
    done.paste(new, (x, y))
    return done


def pages_of_one_form(seed: int) -> Iterator[Variant]:
    """Certificates and notices of one printed form that differ in what is written on them."""
    dice = random.Random(seed)
    paper = tuple(dice.randrange(225, 256) for _ in range(3))
    ink = tuple(dice.randrange(0, 90) for _ in range(3))
    for number in range(4):
        page = Image.new("RGB", (1600, 1130), paper)
        draw = ImageDraw.Draw(page)
        draw.rectangle((40, 40, 1560, 1090), outline=(180, 30, 30), width=14)
        for row in range(5):
            draw.rectangle((200, 480 + row * 90, 1400, 500 + row * 90), fill=ink)
        x = 220
        for _ in range(3):  # a name of three characters
            for _ in range(4):
                at, across = dice.randrange(56), dice.randrange(56)
                draw.line((x + at, 330, x + across, 390), fill=ink, width=6)
                draw.line((x, 330 + at, x + 56, 330 + across), fill=ink, width=6)
            x += 70
        yield f"form {number}", saved(page, quality=85)
