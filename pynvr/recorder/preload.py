"""Imported once by the forkserver: all that a copying recorder needs, so that a fork of it imports nothing.

The collector is frozen, so that no collection in a child writes to (and so copies) the pages they share.
"""

import encodings.idna
import gc
import json.encoder

import av
import av.subtitles.stream

import pynvr.media.encoded_audio
import pynvr.recorder.process

# Referred to, so that nobody takes the imports for forgotten ones.
PRELOADED = (av, av.subtitles.stream, encodings.idna, json.encoder, pynvr.media.encoded_audio, pynvr.recorder.process)

# libav prints URLs, with the passwords in them.
av.logging.set_level(None)
gc.collect()
gc.freeze()
