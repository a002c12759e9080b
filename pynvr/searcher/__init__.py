"""Looks at recorded pictures on request; a process that is there while somebody wants it.

In: orders over a local socket, from the web process. Out: how far it is, and what was found. Several searches take
turns, a picture each, so a long one holds up no short one. It decodes what cameras sent, so it may die of it: then
its searches end with an error, and nothing else notices.
"""
