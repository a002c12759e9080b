"""Does PyNVR find when something changed? Made-up recordings whose truth is known, and how its answers are judged.

In flows a script of what happens in front of a camera (`script`), drawn (`view`, `things`, `drawing`), encoded and
brought into the archive by the finisher's own code (`recorded`). Out come cases (`tuning`, and `held` which no method
may be fitted to) and, from a method's answers to them, precision, recall and errors of time (`score`).
"""
