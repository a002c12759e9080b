"""`pynvr check`: is nvr.json right, and with `--probe`, what does each camera send."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace

import click

from pynvr.base.counted import counted
from pynvr.base.errors import ConfigError, SourceError
from pynvr.cli.main import Context
from pynvr.cli.output import passed, passing, write_columns, write_json
from pynvr.cli.seconds import Seconds
from pynvr.config.load import exposure, find_config, load
from pynvr.media.probe import Probe, probe
from pynvr.model.settings import Camera, Record, Settings
from pynvr.notifier.channels import unusable_targets
from pynvr.vision.libraries import missing_libraries
from pynvr.web.tls import TlsError, tls_context

CAMERA_FAILED_EXIT_CODE = 1
# Cameras are watched side by side; libav decodes one picture of each.
_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Finding:
    """What a probe gave: `seen`, or `problem` in words with its `cause`."""

    camera: Camera
    is_sub_stream: bool = False
    seen: Probe | None = None
    problem: str = ""
    cause: str = ""


@click.command()
@click.option("--probe", "with_probe", is_flag=True, help="Open each enabled camera and say what it sends.")
@click.option(
    "--seconds", type=Seconds(0.5, 600), default=5, show_default=True, help="How long each camera is watched."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def check(ctx: click.Context, with_probe: bool, seconds: float, as_json: bool) -> None:
    """Check nvr.json and say everything that is wrong with it.

    Exit code 2 if the file has mistakes, 1 if a camera can't be watched (with --probe), otherwise 0.
    """
    context = ctx.ensure_object(Context)
    path = find_config(context.config_path)
    try:
        settings = load(path)
        _check_certificate(settings)
    except ConfigError as err:
        if as_json:
            write_json({"file": str(path), "mistakes": err.mistakes})
            ctx.exit(err.exit_code)
        raise
    missing = [*missing_libraries(settings), *unusable_targets(settings)]
    findings = probe_all(settings.cameras, seconds) if with_probe else []
    if as_json:
        write_json(_as_json(settings, findings, missing))
    else:
        _show(settings, findings)
        for warning in missing:
            click.echo(f"warning: {warning}")
    if any(finding.problem for finding in findings):
        ctx.exit(CAMERA_FAILED_EXIT_CODE)


def _check_certificate(settings: Settings) -> None:
    """Raises ConfigError if the site couldn't use its certificate and key."""
    tls = settings.system.server.tls
    if tls is not None:
        try:
            tls_context(tls)
        except TlsError as err:
            raise ConfigError([f"{settings.path}: {err}"]) from err


def probe_all(cameras: Sequence[Camera], seconds: float) -> list[Finding]:
    """Watch all enabled cameras side by side, with their sub-streams; in their order."""
    enabled = [camera for camera in cameras if camera.enabled]
    if not enabled:
        return []
    streams = [(camera, is_sub) for camera in enabled for is_sub in ((False, True) if camera.live.url else (False,))]
    findings: dict[tuple[str, bool], Finding] = {}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for done in as_completed([pool.submit(probe_one, camera, seconds, is_sub) for camera, is_sub in streams]):
            finding = done.result()
            findings[finding.camera.id, finding.is_sub_stream] = finding
            passing(f"Watching the cameras: {len(findings)} of {len(streams)} streams done")
    passed()
    return [findings[camera.id, is_sub] for camera, is_sub in streams]


def probe_one(camera: Camera, seconds: float, is_sub_stream: bool = False) -> Finding:
    """What the camera sends (with `is_sub_stream`: as its sub-stream), or why that isn't known."""
    if is_sub_stream:
        camera = replace(camera, url=camera.live.url, record=Record())
    try:
        return Finding(camera, is_sub_stream, seen=probe(camera, seconds))
    except SourceError as err:
        return Finding(camera, is_sub_stream, problem=str(err), cause=err.cause)


def video_words(seen: Probe) -> str:
    """As `h264 1920x1080, 25 fps, a keyframe each 2 s, 4012 kbit/s, over TCP`."""
    parts = [f"{seen.codec} {seen.width}x{seen.height}"]
    if seen.frame_rate:
        declared = seen.declared_frame_rate
        differs = declared and abs(declared - seen.frame_rate) > max(1.0, 0.1 * declared)
        parts.append(f"{seen.frame_rate:.3g} fps" + (f" (declared: {declared:.3g})" if differs else ""))
    if seen.keyframe_interval_s:
        parts.append(f"a keyframe each {seen.keyframe_interval_s:.2g} s")
    if seen.bitrate_kbps:
        parts.append(f"{seen.bitrate_kbps:.0f} kbit/s")
    if seen.transport:
        parts.append(f"over {seen.transport.upper()}")
    return ", ".join(parts)


def audio_words(seen: Probe) -> str:
    """As `aac 48000 Hz`, `pcm_mulaw 8000 Hz, recorded as aac`, `none`."""
    if not seen.audio_codec:
        return "none"
    words = f"{seen.audio_codec} {seen.audio_sample_rate} Hz"
    if not seen.recorded_audio:
        return f"{words}, not recorded"
    return words if seen.recorded_audio == seen.audio_codec else f"{words}, recorded as {seen.recorded_audio}"


def seen_words(seen: Probe) -> str:
    """Picture and sound in a line."""
    return f"{video_words(seen)}; audio {audio_words(seen)}"


def _show(settings: Settings, findings: Sequence[Finding]) -> None:
    enabled = sum(camera.enabled for camera in settings.cameras)
    count = counted(len(settings.cameras), "camera")
    click.echo(f"{settings.path}: no mistakes; {count}, {enabled} enabled")
    rows = []
    for finding in findings:
        name = finding.camera.id + (" (sub-stream)" if finding.is_sub_stream else "")
        if finding.seen is None:
            rows.append((click.style("✗", fg="red"), name, finding.problem))
            continue
        rows.append((click.style("✓", fg="green"), name, seen_words(finding.seen)))
    write_columns(rows)
    main = [finding for finding in findings if not finding.is_sub_stream]
    good = sum(finding.seen is not None for finding in main)
    if main:
        click.echo(f"{good} of {len(main)} cameras can be recorded")


def _as_json(settings: Settings, findings: Sequence[Finding], missing: Sequence[str]) -> dict[str, object]:
    exposed = exposure(settings.path)
    return {
        "file": str(settings.path),
        "mistakes": [],
        "warnings": [*([exposed] if exposed else []), *missing],
        "cameras": [camera.id for camera in settings.cameras],
        "probes": [_finding_json(finding) for finding in findings],
    }


def _finding_json(finding: Finding) -> dict[str, object]:
    camera = finding.camera
    entry: dict[str, object] = {"id": camera.id, "url": camera.safe_url, "ok": finding.seen is not None}
    entry["stream"] = "sub" if finding.is_sub_stream else "main"
    if finding.seen is None:
        return entry | {"problem": finding.problem, "cause": finding.cause}
    figures = {
        name: getattr(finding.seen, name) for name in finding.seen.__dataclass_fields__ if name != "picture_jpeg"
    }
    return entry | figures
