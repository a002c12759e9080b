"""RTSP cameras made of software, for the demo, the tests and the benchmarks.

In: `SimulatedCamera` values (what each camera shows, how it codes it, what is wrong with it) and, while running,
faults. Out: RTSP 1.0 on one port per camera (TCP interleaved, UDP unicast), and the list of all access units that
each client was sent. `server.SimulatorServer` is the way in; `python -m pynvr.simulator` the same from a shell.
"""
