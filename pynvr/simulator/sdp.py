"""The session description (RFC 8866) that DESCRIBE is answered with."""

import base64

from pynvr.simulator.camera import ParameterSets
from pynvr.simulator.clip import AudioClip, VideoFormat
from pynvr.simulator.nal import nal_type

VIDEO_PAYLOAD_TYPE = 96


def describe(name: str, host: str, video: VideoFormat, audio: AudioClip | None, parameter_sets: ParameterSets) -> str:
    family = "IP6" if ":" in host else "IP4"
    lines = [
        "v=0",
        f"o=- 1 1 IN {family} {host}",
        f"s={name}",
        "i=simulated camera of PyNVR",
        f"c=IN {family} {'::' if family == 'IP6' else '0.0.0.0'}",  # noqa: S104 - of RTSP: where the client asked
        "t=0 0",
        "a=control:*",
        "a=range:npt=now-",
        *_video(video, with_sets=parameter_sets in {"both", "sdp"}),
    ]
    if audio is not None:
        lines += _audio(audio)
    return "\r\n".join(lines) + "\r\n"


def _video(video: VideoFormat, with_sets: bool) -> list[str]:
    encoding = "H264" if video.codec == "h264" else "H265"
    rate = f"{float(video.frame_rate):.3f}".rstrip("0").rstrip(".")
    format_parameters = (
        _h264_parameters(video, with_sets) if video.codec == "h264" else _hevc_parameters(video, with_sets)
    )
    return [
        f"m=video 0 RTP/AVP {VIDEO_PAYLOAD_TYPE}",
        f"b=AS:{video.bitrate_kbps}",
        f"a=rtpmap:{VIDEO_PAYLOAD_TYPE} {encoding}/90000",
        *([f"a=fmtp:{VIDEO_PAYLOAD_TYPE} {format_parameters}"] if format_parameters else []),
        f"a=framerate:{rate}",
        "a=control:video",
    ]


def _h264_parameters(video: VideoFormat, with_sets: bool) -> str:
    parameters = ["packetization-mode=1"]
    if with_sets:
        sps = next(nal for nal in video.parameter_sets if nal_type(nal, "h264") == 7)
        sets = ",".join(base64.b64encode(nal).decode() for nal in video.parameter_sets)
        parameters += [f"profile-level-id={sps[1:4].hex().upper()}", f"sprop-parameter-sets={sets}"]
    return ";".join(parameters)


def _hevc_parameters(video: VideoFormat, with_sets: bool) -> str:
    if not with_sets:
        return ""
    names = {32: "sprop-vps", 33: "sprop-sps", 34: "sprop-pps"}
    return ";".join(f"{names[nal_type(nal, 'hevc')]}={base64.b64encode(nal).decode()}" for nal in video.parameter_sets)


def _audio(audio: AudioClip) -> list[str]:
    kind = audio.payload_type
    if audio.codec == "aac":
        described = [
            f"a=rtpmap:{kind} MPEG4-GENERIC/{audio.sample_rate}/{audio.channels}",
            f"a=fmtp:{kind} streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;"
            f"indexdeltalength=3;config={audio.config.hex().upper()}",
        ]
    else:
        described = [f"a=rtpmap:{kind} {audio.codec.upper()}/{audio.sample_rate}"]
    return [f"m=audio 0 RTP/AVP {kind}", *described, "a=control:audio"]
