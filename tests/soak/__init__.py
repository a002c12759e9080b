"""The whole program for an hour, or for days: is every frame there, does anything grow (`make soak`)."""
