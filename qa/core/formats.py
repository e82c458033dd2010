"""How the product writes a day, a moment, a duration, a share, a change, an interval and a count.

Pure text: every function takes a value and returns what a page shows; what is missing or undefined (None,
nan) is a dash. The language of pages is English, whatever the machine's locale is.
"""

import datetime as dt
import math
from zoneinfo import ZoneInfo

DASH = "–"
MINUS = "\N{MINUS SIGN}"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Number = float | int | None


def day(value: dt.date | dt.datetime | None) -> str:
    """A date as ``15 Nov 2026``; of a moment its date as it stands.

    >>> day(dt.date(2026, 11, 5))
    '5 Nov 2026'
    """
    if value is None:
        return DASH
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def month(iso: str) -> str:
    """A month of a table, ``2026-11``, as ``Nov 2026``.

    >>> month("2026-03")
    'Mar 2026'
    """
    year, number = iso.split("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def moment(value: dt.datetime | None, zone: str = "UTC") -> str:
    """A moment in *zone*, with the zone's name: ``14 Nov 2026, 09:12 UTC``. A naive moment is UTC.

    >>> moment(dt.datetime(2026, 11, 14, 9, 12), "Europe/Madrid")
    '14 Nov 2026, 10:12 CET'
    """
    if value is None:
        return DASH
    aware = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
    local = aware.astimezone(ZoneInfo(zone))
    name = local.tzname() or "UTC"
    if name[0] in "+-":  # (a zone without letters of its own)
        name = "UTC" + name.replace("-", MINUS)
    return f"{day(local)}, {local:%H:%M} {name}"


def duration(value: dt.timedelta | Number) -> str:
    """A length of time in its two largest units: ``21 s``, ``4 min 5 s``, ``2 h 5 min``, ``3 d 4 h``.

    >>> duration(7500)
    '2 h 5 min'
    """
    seconds = value.total_seconds() if isinstance(value, dt.timedelta) else value
    if seconds is None or math.isnan(seconds):
        return DASH
    sign, whole = (MINUS if seconds < 0 else ""), round(abs(seconds))
    units = (("d", whole // 86400), ("h", whole // 3600 % 24), ("min", whole // 60 % 60), ("s", whole % 60))
    first = next((at for at, (_, size) in enumerate(units) if size), 3)
    parts = [f"{size} {unit}" for unit, size in units[first : first + 2] if size or unit == "s" and first == 3]
    return sign + " ".join(parts)


def share(value: Number, places: int = 1) -> str:
    """A share 0..1 as ``81.6%``; never rounded up to 100% or down to 0% when it is neither.

    >>> share(0.816), share(1), share(0.9999), share(0.0001)
    ('81.6%', '100%', '>99.9%', '<0.1%')
    """
    if value is None or math.isnan(value):
        return DASH
    if value in (0, 1):
        return f"{value * 100:.0f}%"
    step = 10.0**-places
    text = f"{value * 100:.{places}f}".replace("-", MINUS)
    if 0 < value < 1 and float(f"{value * 100:.{places}f}") >= 100:
        return f">{100 - step:.{places}f}%"
    if 0 < value < 1 and float(f"{value * 100:.{places}f}") <= 0:
        return f"<{step:.{places}f}%"
    return f"{text}%"


def points(value: Number, places: int = 1) -> str:
    """A change of a share, in percentage points with its sign: ``+2.1 pts``, ``−6.0 pts``.

    >>> points(-0.06)
    '−6.0 pts'
    """
    if value is None or math.isnan(value):
        return DASH
    size = f"{abs(value) * 100:.{places}f}"
    if float(size) == 0:
        return f"{size} pts"
    return f"{'+' if value > 0 else MINUS}{size} pts"


def decimal(value: Number, places: int = 2) -> str:
    """A coefficient with two places and a real minus: ``0.74``, ``−0.12``.

    >>> decimal(-0.123)
    '−0.12'
    """
    if value is None or math.isnan(value):
        return DASH
    text = f"{value:.{places}f}"
    return text.replace("-", "" if float(text) == 0 else MINUS)


def interval(limits: tuple[Number, Number] | None, kind: str = "decimal", places: int | None = None) -> str:
    """The two limits of an interval: ``0.70 – 0.78``, or with *kind* ``share`` ``87% – 99%``.

    Shares are rounded outwards (lower limit down, upper limit up): rounding never makes a figure surer.

    >>> interval((0.704, 0.778)), interval((0.876, 0.9901), "share")
    ('0.70 – 0.78', '87% – 100%')
    """
    low, high = limits or (None, None)
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return DASH
    if kind != "share":
        digits = 2 if places is None else places
        return f"{decimal(low, digits)} {DASH} {decimal(high, digits)}"
    scale = 10.0 ** (places or 0)
    down, up = math.floor(low * 100 * scale + 1e-9) / scale, math.ceil(high * 100 * scale - 1e-9) / scale
    return f"{down:.{places or 0}f}% {DASH} {up:.{places or 0}f}%".replace("-", MINUS)


def count(value: Number) -> str:
    """A count with separators of thousands: ``12,345``.

    >>> count(12345)
    '12,345'
    """
    if value is None or math.isnan(value):
        return DASH
    return f"{round(value):,}".replace("-", MINUS)


#: The filters that every template may use, by the name it uses.
FILTERS = {
    "day": day,
    "month": month,
    "moment": moment,
    "duration": duration,
    "share": share,
    "points": points,
    "decimal": decimal,
    "interval": interval,
    "count": count,
}
