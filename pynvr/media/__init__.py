"""The only user of PyAV: sources, time stamps, sample descriptions, transcoding, probing, still pictures.

In: URLs and packets. Out: `Frame`s and `Track`s of the model, errors as `SourceError` and `MediaError`.
"""
