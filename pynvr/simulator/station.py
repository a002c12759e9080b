"""All cameras of one simulator, in one loop; what `SimulatorServer` asks is answered here."""

from collections.abc import Callable
from typing import cast

from pynvr.base.errors import SimulatorError
from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.device import Device
from pynvr.simulator.faults import Fault
from pynvr.simulator.loop import Loop
from pynvr.simulator.studio import Studio


class Station:
    """Used from one thread, which is not the loop's; encoding happens in it."""

    def __init__(self, cameras: tuple[SimulatedCamera, ...], host: str, port: int, keep_sent: bool) -> None:
        self._cameras = cameras
        self._host = host
        self._port = port
        self._keep_sent = keep_sent
        self._loop = Loop()
        self._devices: dict[str, Device] = {}
        self._closed = False

    def open(self) -> dict[str, int]:
        """Start all; gives each camera's port."""
        studio = Studio()
        self._loop.start()
        try:
            for number, camera in enumerate(self._cameras):
                port = self._port + number if self._port else 0
                self._devices[camera.name] = Device(
                    camera, self._loop, studio, host=self._host, port=port, keep_sent=self._keep_sent
                )
        except BaseException:
            self.close()
            raise
        for device in self._devices.values():
            self._loop.call(device.open)
        return {name: device.address[1] for name, device in self._devices.items()}

    def close(self) -> None:
        """Idempotent."""
        if self._closed:
            return
        self._closed = True
        for device in self._devices.values():
            device.stop_show()
            self._loop.call(device.close)
        self._devices = {}
        self._loop.stop()

    def answer(self, verb: str, arguments: tuple[object, ...]) -> object:
        name = cast(str, arguments[0])
        device = self._devices[name]
        match verb:
            case "fault":
                self._fault(device, cast(Fault, arguments[1]))
            case "clear":
                if (encoding := self._loop.call(device.original_encoding)) is not None:
                    device.prepare(encoding)
                self._loop.call(device.clear)
            case "sent":
                return self._loop.call(device.sent)
            case "take":
                return self._loop.call(device.take)
            case "playing":
                return self._loop.call(device.playing)
            case "left out":
                return device.left_out
            case _:
                raise SimulatorError(f"the simulator knows no {verb!r}")
        return None

    def _fault(self, device: Device, fault: Fault) -> None:
        if (encoding := self._loop.call(lambda: device.encoding_after(fault))) is not None:
            device.prepare(encoding)
        apply: Callable[[], None] = lambda: device.apply(fault)  # noqa: E731
        if fault.after_s > 0:
            due_s = self._loop.now_s() + fault.after_s
            self._loop.call(lambda: self._loop.at(due_s, apply))
        else:
            self._loop.call(apply)
