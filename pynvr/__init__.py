"""PyNVR: a network video recorder that keeps what its cameras send, exactly, and finds it again.

Camera → recorder → chunk → finisher → segment (MP4), pictures and catalog row. docs/ARCHITECTURE.md is the map.
"""

__version__ = "0.1.0"
