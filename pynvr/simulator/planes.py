"""Pictures in the encoder's own form (4:2:0, limited range), so that no frame has to be converted: it would cost half
of a live camera's time."""

from dataclasses import dataclass

import av
from PIL import Image

NEUTRAL = 128


@dataclass(frozen=True, slots=True)
class Planes:
    """Luma at full size, the two chroma planes at half; each an 8-bit `L` image. Sizes are even."""

    luma: Image.Image
    blue: Image.Image
    red: Image.Image

    def copy(self) -> "Planes":
        return Planes(self.luma.copy(), self.blue.copy(), self.red.copy())

    def to_frame(self) -> av.VideoFrame:
        frame = av.VideoFrame(self.luma.width, self.luma.height, "yuv420p")
        for plane, image in zip(frame.planes, (self.luma, self.blue, self.red), strict=True):
            fits = plane.line_size == image.width
            plane.update((image if fits else image.crop((0, 0, plane.line_size, image.height))).tobytes())
        return frame


@dataclass(frozen=True, slots=True)
class Sprite:
    """Something to be put onto planes; the masks say how much of it covers."""

    planes: Planes
    mask: Image.Image
    half_mask: Image.Image

    @property
    def width(self) -> int:
        return self.mask.width

    def put(self, onto: Planes, x: int, y: int) -> None:
        onto.luma.paste(self.planes.luma, (x, y), self.mask)
        half = x // 2, y // 2
        onto.blue.paste(self.planes.blue, half, self.half_mask)
        onto.red.paste(self.planes.red, half, self.half_mask)


def planes_of(picture: Image.Image) -> Planes:
    """An RGB picture of even size."""
    whole = av.VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]  # left untyped by PyAV
    frame = whole.reformat(format="yuv420p")
    images = []
    for plane in frame.planes:
        padded = Image.frombuffer("L", (plane.line_size, plane.height), bytes(plane), "raw", "L", 0, 1)
        images.append(padded.crop((0, 0, plane.width, plane.height)))
    return Planes(*images)


def sprite_of(picture: Image.Image, grey: bool = False) -> Sprite:
    """An RGBA picture of any size."""
    if grey:
        picture = picture.convert("LA").convert("RGBA")
    even = picture.crop((0, 0, picture.width + picture.width % 2, picture.height + picture.height % 2))
    mask = even.getchannel("A")
    half_mask = mask.resize((mask.width // 2, mask.height // 2), Image.Resampling.BOX)
    return Sprite(planes_of(even.convert("RGB")), mask, half_mask)
