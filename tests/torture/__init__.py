"""`make torture`: the whole program with many cameras, and every fault of docs/faults.md caused, alone and mixed.

`acts*` cause faults and mend them, `plan` says which come when, `stage` is what they happen to, `proof` and `truth`
look at what is left: frames, and what PyNVR says of those that are missing; `leaks` at the processes.
"""
