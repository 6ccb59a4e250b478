"""How amounts, counts and dates read to a person: the one place that knows a locale."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, get_currency_precision

from checker.engine.outcomes import Value

_SPACE = "\N{NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"
_MOST_PLACES = 10


class Wording:
    """Amounts, counts and dates in a locale's own style.

    >>> Wording().money(Decimal("-1234.5"), "USD")
    'USD\\xa0−1,234.50'
    """

    def __init__(self, locale: str = "en") -> None:
        self.locale = Locale.parse(locale)

    def money(self, amount: Decimal | None, currency: str | None) -> str:
        """Currency code and amount; no digit is cut, and none below the currency's own places is left out."""
        if amount is None:
            return "no amount"
        places = get_currency_precision(currency) if currency else 2
        return f"{currency or ''}{_SPACE}{self._decimal(amount, places)}".strip()

    def number(self, number: Decimal) -> str:
        """A number as read, with thousands separators; zeros behind the second place carry nothing and are left out."""
        exponent = number.as_tuple().exponent
        places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
        if places > 2:
            stripped = number.normalize().as_tuple().exponent
            places = max(2, -stripped) if isinstance(stripped, int) and stripped < 0 else 0
        return self._decimal(number, places)

    def count(self, count: int) -> str:
        """A whole number with thousands separators."""
        return self._decimal(Decimal(count), 0)

    def counted(self, count: int, one: str, many: str | None = None) -> str:
        """A count with its noun.

        >>> Wording().counted(1, "claim"), Wording().counted(2, "entry", "entries")
        ('1\\xa0claim', '2\\xa0entries')
        """
        return f"{self.count(count)}{_SPACE}{one if count == 1 else many or one + 's'}"

    def share(self, part: int, whole: int) -> str:
        """A percentage to one place; never 100 where something is left, never 0 where something is there."""
        if whole == 0:
            return "none"
        percent = (Decimal(part) * 100 / whole).quantize(Decimal("0.1"))
        if part and not percent:
            return f"under{_SPACE}{self._decimal(Decimal('0.1'), 1)}{_SPACE}%"
        if percent == 100 and part < whole:
            return f"over{_SPACE}{self._decimal(Decimal('99.9'), 1)}{_SPACE}%"
        return f"{self._decimal(percent, 1)}{_SPACE}%"

    def day(self, day: date | None) -> str:
        """A date for a table."""
        return format_date(day, "medium", locale=self.locale) if day else "not known"

    def long_day(self, day: date | None) -> str:
        """A date for a sentence."""
        return format_date(day, "long", locale=self.locale) if day else "not known"

    def days_left(self, days: int | None) -> str:
        """How far a deadline is from the run's date."""
        match days:
            case None:
                return "deadline not known"
            case 0:
                return "last day today"
            case int() if days > 0:
                return f"{self.counted(days, 'day')} left"
            case _:
                return f"lapsed {self.counted(-days, 'day')} ago"

    def size(self, size: int) -> str:
        """Bytes, in the unit that keeps the figure short."""
        for unit, bytes_in_it in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
            if size >= bytes_in_it:
                return f"{self._decimal((Decimal(size) / bytes_in_it).quantize(Decimal('0.1')), 1)}{_SPACE}{unit}"
        return self.counted(size, "byte")

    def value(self, value: Value) -> str:
        """A value as a rule read it."""
        match value:
            case None:
                return "empty"
            case bool():
                return "yes" if value else "no"
            case Decimal():
                return self.number(value)
            case date():
                return value.isoformat()
            case _:
                return value

    def _decimal(self, number: Decimal, places: int) -> str:
        pattern = f"#,##0.{'0' * places}{'#' * max(0, _MOST_PLACES - places)}"
        text: str = format_decimal(abs(number), pattern, locale=self.locale, decimal_quantization=False)
        return f"{_MINUS}{text}" if number < 0 else text
