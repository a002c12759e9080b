"""Live view over WebSockets: a request that asks for one leaves HTTP here, on the server's own socket and thread.

In flows what the viewer's messages ask for, out flow fragments of MP4 or JPEGs of `pynvr.playback.live`, and JSON.
docs/live.md tells every byte.
"""
