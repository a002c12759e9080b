"""Cases that a method may be fitted to. It is judged by those in `held`."""

from benchmarks.change import situations as s
from benchmarks.change.case import Case
from benchmarks.change.restless import at_the_switch, dusk_and_rain, swaying_tree, swaying_tree_alone


def cases() -> list[Case]:
    return [
        s.appears(1),
        s.appears(2),
        s.vanishes(3),
        s.vanishes(4),
        s.moved(5),
        s.at_once(6),
        s.parks(7),
        s.several(8),
        s.looked_at_in_between(9),
        s.crowd(10),
        s.stands_about(11),
        s.stands_about(12),
        s.nothing(13),
        s.nothing(14),
        s.evening(15),
        s.evening(16),
        s.evening(17, "nothing"),
        s.infrared_flaps(18),
        s.infrared_flaps(41, "appears"),
        s.lamps(20),
        s.lamps(21, "nothing"),
        s.clouds(22),
        s.clouds(23, "nothing"),
        s.rain(24),
        s.rain(25, "nothing"),
        s.shaking(26),
        s.shaking(27, "nothing"),
        s.shadow(28),
        s.shadow(29, "nothing"),
        s.night_noise(30),
        s.night_noise(31, "nothing"),
        s.small(32),
        s.faint(33),
        s.faint(34),
        s.generous_box(35),
        s.gap(36),
        s.real(37, "bicycle at a wall"),
        s.real(38, "man in a car", "nothing"),
        s.large(39, s.small),
        s.whole_day(40),
    ]


def more() -> list[Case]:
    """The same situations once more, so that nothing is fitted to one view or one thing."""
    alike = (s.appears, s.vanishes, s.moved, s.at_once, s.several, s.crowd, s.stands_about, s.evening, s.clouds)
    others = (s.rain, s.shaking, s.shadow, s.night_noise, s.small, s.faint, s.gap, s.generous_box, s.lamps)
    made = [make(700 + number) for number, make in enumerate(alike)]
    made += [make(710 + number) for number, make in enumerate(others)]
    made += [make(720 + number, "nothing") for number, make in enumerate((s.evening, s.lamps, s.shaking, s.shadow))]
    made += [s.infrared_flaps(730, "appears"), s.infrared_flaps(731, "appears"), s.infrared_flaps(732)]
    made += [s.shadow(733), s.shadow(734), s.real(735, "bicycle at a wall"), s.real(736, "man in a car")]
    made += [s.whole_view(740), s.whole_view(741)]
    for number in range(3):
        made += [swaying_tree_alone(750 + number), swaying_tree(760 + number), at_the_switch(770 + number)]
        made.append(s.evening(780 + number, "nothing"))
    for number in range(4):
        made += [s.real(800 + number, "man in a car"), s.real(810 + number, "bicycle at a wall")]
        made += [at_the_switch(820 + number), swaying_tree_alone(830 + number)]
    return [*made, s.real(737, "bicycle at a wall", "nothing"), s.real(840, "man in a car", "nothing")]


def weak() -> list[Case]:
    """Many of those situations in which most went wrong among cases held back."""
    made = [at_the_switch(850 + number) for number in range(12)]
    made += [s.infrared_flaps(865 + number, "appears") for number in range(8)]
    made += [s.infrared_flaps(875 + number) for number in range(4)]
    made += [s.evening(880 + number) for number in range(4)]
    made += [s.evening(885 + number, "nothing") for number in range(3)]
    for number in range(6):
        made += [s.real(890 + number, "street behind a railing"), s.real(900 + number, "bicycle at a wall")]
    made += [s.small(910 + number) for number in range(8)]
    made += [dusk_and_rain(920 + number) for number in range(8)]
    made += [s.rain(930 + number, "nothing") for number in range(4)]
    return [*made, s.real(897, "street behind a railing", "nothing"), s.real(907, "bicycle at a wall", "nothing")]
