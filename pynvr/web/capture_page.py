"""The page of captures: it reads whole without a script, which makes it live, starts and stops."""

from collections.abc import Sequence
from html import escape
from zoneinfo import ZoneInfo

from pynvr.archive.capture_folder import SHOWN
from pynvr.base.counted import counted
from pynvr.model.stamp import local
from pynvr.web.captures import Capture

TITLE = f"Top {SHOWN} Brightest Frames"
_PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Captures: {title}</title>
    <link rel="icon" href="/static/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/static/site.css">
    <link rel="stylesheet" href="/static/captures/captures.css">
    <script src="/static/shell/theme.js"></script>
    <script type="module" src="/static/captures/captures.js"></script>
  </head>
  <body>
    <header class="site-header" id="site-header"></header>
    <main class="page" id="main" tabindex="-1">
      <div class="page-head"><div><p class="muted">Captures</p><h1>{title}</h1></div></div>
      <form class="panel stack" id="start" action="/start" method="post">
        <div class="field">
          <label for="rtsp_url">Capture a stream</label>
          <div class="row">
            <input class="input grow" id="rtsp_url" name="rtsp_url" list="cameras" required maxlength="2048"
              placeholder="rtsp://user:pass@host/path" autocomplete="off" spellcheck="false">
            <button class="button primary" type="submit" disabled>Start</button>
          </div>
          <p class="hint">A camera of yours or any other URL. The brightest pictures are kept, until you stop it or an
            hour is over.</p>
          <p class="mistake" role="alert"></p>
        </div>
        <datalist id="cameras">{cameras}</datalist>
      </form>
      <section class="stack" id="running" aria-label="Captures that run">{running}</section>
      {shown}
      {others}
    </main>
    <noscript><p class="note" data-tone="warn">Starting and stopping need JavaScript. It comes from this server
      alone.</p></noscript>
  </body>
</html>
"""


def page(shown: Capture | None, captures: Sequence[Capture], cameras: Sequence[tuple[str, str]], zone: ZoneInfo) -> str:
    """`shown`: whose pictures are on the page; `captures`: all, newest first; `cameras`: names and shown URLs."""
    return _PAGE.format(
        title=escape(TITLE),
        cameras="".join(f'<option value="{escape(url)}">{escape(name)}</option>' for name, url in cameras),
        running="".join(_running(one) for one in captures if one.runs),
        shown=_empty() if shown is None else _pictures(shown, zone),
        others=_others([one for one in captures if not one.runs and (shown is None or one.id != shown.id)], zone),
    )


def _empty() -> str:
    return (
        '<section class="state"><h2>Nothing was captured yet</h2>'
        "<p>Give the URL of a stream above. When you stop the capture, its brightest frames stand here.</p></section>"
    )


def _running(capture: Capture) -> str:
    """A row; the script keeps its figures fresh."""
    state = capture.state
    return (
        f'<form class="note running" action="/stop" method="post" data-capture="{escape(capture.id)}">'
        f'<input type="hidden" name="capture" value="{escape(capture.id)}">'
        f'<span class="grow"><strong>{escape(state.url)}</strong><br><span class="muted" role="status" data-standing>'
        f"{escape(capture.words)}, {_frames(state.frames)}</span></span>"
        '<button class="button" type="submit" disabled>Stop</button></form>'
    )


def _pictures(capture: Capture, zone: ZoneInfo) -> str:
    state = capture.state
    figures = "".join(_figure(capture, number, zone) for number in range(len(capture.shots)))
    parts = [
        '<section class="stack" id="frames">',
        f'<div><h2 class="address">{escape(state.url)}</h2><p class="muted">{escape(_about(capture, zone))}</p></div>',
    ]
    if not capture.shots:
        tone, words = ("warn", "No picture yet.") if capture.runs else ("alert", f"No picture came: {capture.words}.")
        parts.append(f'<p class="note" data-tone="{tone}">{escape(words)}</p>')
    elif len(capture.shots) < SHOWN and not capture.runs:
        count = "Only one frame" if len(capture.shots) == 1 else f"Only {len(capture.shots)} frames"
        parts.append(f'<p class="muted">{count}: the capture was too short for {SHOWN} that are a second apart.</p>')
    if figures:
        parts.append(f'<ol class="shots">{figures}</ol>')
    return "".join([*parts, "</section>"])


def _figure(capture: Capture, number: int, zone: ZoneInfo) -> str:
    shot, state = capture.shots[number], capture.state
    address = f"/api/captures/{capture.id}/{shot.at_us}.jpg"
    clock = _clock(shot.at_us, zone)
    share = f"{shot.score:.1%}"
    size = f'width="{state.width}" height="{state.height}"' if state.width else ""
    return (
        f'<li><figure><a href="{address}" aria-label="Frame {number + 1} alone">'
        f'<img src="{address}" {size} alt="Frame of {clock}, brightness {share}"></a>'
        f'<figcaption><span class="rank">{number + 1}</span><time>{clock}</time>'
        f'<span class="muted">brightness {share}</span></figcaption></figure></li>'
    )


def _about(capture: Capture, zone: ZoneInfo) -> str:
    """When, how many, and how it ended."""
    state = capture.state
    began = f"{local(state.started_us, zone):%Y-%m-%d %H:%M:%S}"
    period = f"{began} to {local(state.ended_us, zone):%H:%M:%S}" if state.ended_us else f"since {began}"
    left_out = f", {state.left_out} more were left out for want of time" if state.left_out else ""
    size = f", {state.width} × {state.height}" if state.width else ""
    return f"{period}; {_frames(state.frames)}{left_out}{size}; {capture.words}"


def _others(captures: Sequence[Capture], zone: ZoneInfo) -> str:
    if not captures:
        return ""
    rows = "".join(
        f'<li><a href="/stop?capture={escape(one.id)}">{escape(one.state.url)}</a> <span class="muted">'
        f"{local(one.state.started_us, zone):%Y-%m-%d %H:%M:%S}, {_frames(one.state.frames)}</span></li>"
        for one in captures
    )
    return f'<section class="stack tight"><h2>Other captures</h2><ul class="others">{rows}</ul></section>'


def _frames(count: int) -> str:
    return f"{counted(count, 'frame')} looked at"


def _clock(at_us: int, zone: ZoneInfo) -> str:
    return f"{local(at_us, zone):%H:%M:%S}.{at_us // 100_000 % 10}"
