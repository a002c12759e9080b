"""The master: starts the processes, listens to their beats, replaces what dies or hangs, says how things stand.

In: nvr.json (`Settings`), signals, beats. Out: processes, the journal of causes, `run/status.json`, words to systemd.
It holds no media, opens no database and no recording disk, and forks only through the forkserver.

`program` starts up, `master` is the loop, `roster` says who is wanted, `post` keeps one of them manned by a `child`,
`restart` and `progress` decide, `preparation` readies database and disks, `causes` and `status` report.
"""
