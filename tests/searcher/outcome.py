"""What a search answers when it is run through."""


def outcome_of(steps):
    """Its result; how far it said it is only ever grew."""
    told = []
    while True:
        try:
            told.append(next(steps))
        except StopIteration as done:
            assert told == sorted(told)
            assert all(0 <= share <= 1 for share in told)
            return done.value
