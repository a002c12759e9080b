"""Labels of a period: what touches it, and nothing that lies before it is looked at."""

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from tests.store.samples import T0

spans = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 12)), max_size=10)


@settings(max_examples=25)
@given(spans, st.integers(0, 30), st.integers(0, 12), st.integers(1, 5))
def test_the_axis_gets_what_the_list_gets(store, given, start, length, limit):
    for tag in store.tags.page(None, 0, 1 << 61)[0]:
        store.tags.remove(tag.id)
    for at, long in given:
        store.tags.add("gate", T0 + at, T0 + at + long, label="fox", made_by="", now_us=T0)
    store.tags.add("yard", T0 + start, T0 + start, label="of another", made_by="", now_us=T0)
    period = (T0 + start, T0 + start + length)
    assert store.tags.between(["gate"], *period, limit) == store.tags.page(["gate"], *period, limit=limit)[0]


def test_what_is_over_is_never_looked_at(store):
    asked = []
    engine = store._database._engine
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2:4]))
    store.tags.between(["gate", "yard"], T0, T0 + 9, 5)
    selects = [(words, values) for words, values in asked if words.startswith("SELECT")]
    with store._database.reading() as connection:
        plans = [
            str(connection.exec_driver_sql(f"explain query plan {words}", values).all()) for words, values in selects
        ]
    assert len(plans) == 2
    assert "tags_spans (camera_id=? AND end_us>?)" in plans[0]
    assert "tags_by_camera (camera_id=? AND start_us>? AND start_us<?)" in plans[1]
