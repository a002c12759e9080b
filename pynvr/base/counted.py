"""Numbers of things, for people."""


def counted(number: int, one: str, many: str = "") -> str:
    """`1 camera`, `4 cameras`; `many` where that isn't `one` with an s behind it."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"
