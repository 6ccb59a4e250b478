"""What is sold and at what price: seat products with their list prices over time, and the metered ones.

All prices are made up. `list_price` is for a whole term, as a price list publishes it; `cycle_price` is for one
billing cycle, as an invoice line carries it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from examples.estate_generator.cycles import half_up

LIST_SINCE = date(2022, 10, 1)
FIRST_RISE = date(2025, 9, 1)
SECOND_RISE = date(2026, 3, 1)

SEGMENTS = {"Commercial": Decimal(1), "Education": Decimal("0.4")}
MARKETS = {
    "US": Decimal(1),
    "DE": Decimal("1.05"),
    "FR": Decimal("1.05"),
    "GB": Decimal("1.02"),
    "JP": Decimal("0.98"),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """A term and how it is billed. `term_months` is the length of the term, `cycle_months` that of one charge;
    `uplift` is what the vendor adds to the annual price for that commitment."""

    term: str
    billing: str
    term_months: int
    cycle_months: int
    uplift: Decimal
    wording: str

    @property
    def cycles(self) -> int:
        return self.term_months // self.cycle_months


MONTHLY_TERM = Plan("P1M", "Monthly", 1, 1, Decimal("1.20"), "One-Month commitment for monthly billing")
YEAR_BY_MONTH = Plan("P1Y", "Monthly", 12, 1, Decimal("1.05"), "One-Year commitment for monthly billing")
YEAR_AT_ONCE = Plan("P1Y", "Annual", 12, 12, Decimal(1), "One-Year commitment for yearly billing")
THREE_BY_MONTH = Plan(
    "P3Y", "Monthly", 36, 1, Decimal("1.05"), "Three-3 Years commitment for monthly billing"
)
THREE_BY_YEAR = Plan("P3Y", "Annual", 36, 12, Decimal(1), "Three-3 Years commitment for yearly billing")
PLANS = (MONTHLY_TERM, YEAR_BY_MONTH, YEAR_AT_ONCE, THREE_BY_MONTH, THREE_BY_YEAR)


@dataclass(frozen=True, slots=True)
class Product:
    """`prices` are those of a licence for a month in an annual term, each with the day from which it is listed."""

    product_id: str
    sku_id: str
    title: str
    sku_title: str
    prices: tuple[tuple[date, Decimal], ...]
    segments: tuple[str, ...]

    def month_price(self, on: date) -> Decimal:
        return next(price for since, price in reversed(self.prices) if since <= on)


def _product(
    product_id: str, sku_id: str, title: str, sku_title: str, prices: str, education: bool = False
) -> Product:
    first, second, third = prices.split()
    listed = [(LIST_SINCE, first), (FIRST_RISE, second), (SECOND_RISE, third)]
    kept = [(since, Decimal(price)) for since, price in listed if price != "-"]
    return Product(
        product_id, sku_id, title, sku_title, tuple(kept), tuple(SEGMENTS) if education else ("Commercial",)
    )


# Prices: from the list's first day, from FIRST_RISE, from SECOND_RISE; a dash where the price did not change.
PRODUCTS = (
    _product("CFQ7TTC0LH18", "0001", "Microsoft 365 Business Basic", "Business Basic", "4.80 - 5.30"),
    _product("CFQ7TTC0LDPB", "0001", "Microsoft 365 Business Standard", "Business Standard", "10.05 - 11.15"),
    _product("CFQ7TTC0LCHC", "0002", "Microsoft 365 Business Premium", "Business Premium", "17.65 - -"),
    _product("CFQ7TTC0LF8Q", "0001", "Office 365 E1", "Office 365 E1", "8.00 - -"),
    _product("CFQ7TTC0LF8R", "0001", "Office 365 E3", "Office 365 E3", "18.40 19.35 -", education=True),
    _product("CFQ7TTC0LF8S", "0001", "Office 365 E5", "Office 365 E5", "30.40 - 32.05"),
    _product("CFQ7TTC0LFLX", "0001", "Microsoft 365 E3", "Microsoft 365 E3", "28.80 - 31.20", education=True),
    _product("CFQ7TTC0LFLZ", "0002", "Microsoft 365 E5", "Microsoft 365 E5", "45.60 47.95 -"),
    _product("CFQ7TTC0LH05", "0001", "Microsoft 365 F1", "Microsoft 365 F1", "1.83 - 2.07"),
    _product("CFQ7TTC0LGTX", "000F", "Microsoft 365 F3", "Microsoft 365 F3", "6.40 - -"),
    _product("CFQ7TTC0LH16", "0001", "Exchange Online", "Exchange Online Plan 1", "3.20 - -"),
    _product("CFQ7TTC0LH16", "000B", "Exchange Online", "Exchange Online Plan 2", "6.37 - 6.91"),
    _product("CFQ7TTC0LHPM", "0003", "Power BI Pro", "Power BI Pro", "8.00 11.20 -"),
    _product("CFQ7TTC0HL8W", "0001", "Power BI Premium Per User", "Premium Per User", "16.00 19.20 -"),
    _product("CFQ7TTC0HDB1", "0012", "Visio", "Visio Plan 2", "12.00 - -"),
    _product("CFQ7TTC0HDB0", "0009", "Project", "Project Plan 3", "24.00 - 25.75", education=True),
    _product("CFQ7TTC0LFLS", "0002", "Microsoft Entra ID", "Entra ID P1", "4.80 - 4.95"),
    _product("CFQ7TTC0LFK5", "0001", "Microsoft Entra ID", "Entra ID P2", "7.20 - -"),
    _product("CFQ7TTC0LCH4", "006G", "Microsoft Intune", "Intune Plan 1", "6.40 - -"),
    _product("CFQ7TTC0LGV0", "0005", "Microsoft Defender for Office 365", "Defender Plan 1", "1.59 - 1.74"),
    _product("CFQ7TTC0LFDZ", "0001", "Dynamics 365 Sales", "Sales Professional", "52.00 - -"),
    _product("CFQ7TTC0MM8R", "0002", "Microsoft 365 Copilot", "Copilot", "24.00 - -"),
)

# The contract's own prices for one billing cycle: below the list, for every market, whatever the list does.
NEGOTIATED = {
    ("CFQ7TTC0LF8Q", "0001", "P1Y", "Monthly"): Decimal("7.45"),
    ("CFQ7TTC0LF8Q", "0001", "P1Y", "Annual"): Decimal("85.20"),
    ("CFQ7TTC0LF8S", "0001", "P1Y", "Monthly"): Decimal("28.75"),
    ("CFQ7TTC0LCHC", "0002", "P1Y", "Monthly"): Decimal("16.60"),
}


def list_price(product: Product, plan: Plan, segment: str, market: str, on: date) -> Decimal:
    """The list's price for a licence for the whole term, to the cent."""
    factor = plan.term_months * plan.uplift * SEGMENTS[segment] * MARKETS[market]
    return half_up(product.month_price(on) * factor)


def cycle_price(product: Product, plan: Plan, segment: str, market: str, bought: date) -> Decimal:
    """What a licence costs for one billing cycle of a term bought or renewed that day."""
    negotiated = NEGOTIATED.get((product.product_id, product.sku_id, plan.term, plan.billing))
    if negotiated is not None:
        return negotiated
    return half_up(list_price(product, plan, segment, market, bought) / plan.cycles)


@dataclass(frozen=True, slots=True)
class Meter:
    """A usage product. `rate` is the price of one unit; `whole` meters count in whole units, so that their totals
    come out in whole cents."""

    product_id: str
    sku_id: str
    product: str
    category: str
    name: str
    unit: str
    rate: Decimal
    whole: bool


MACHINE = Meter(
    "DZH318Z0BQ4K",
    "002C",
    "Virtual Machines D Series",
    "Virtual Machines",
    "D4 v5",
    "1 Hour",
    Decimal("0.40"),
    True,
)
METERS = (
    Meter(
        "DZH318Z0BNZH",
        "01FV",
        "Blob Storage",
        "Storage",
        "Hot LRS Data Stored",
        "1 GB/Month",
        Decimal("0.0184"),
        False,
    ),
    Meter(
        "DZH318Z0BP67",
        "00Q1",
        "Bandwidth",
        "Bandwidth",
        "Data Transfer Out",
        "1 GB",
        Decimal("0.0870"),
        False,
    ),
    Meter(
        "DZH318Z0BQ2T",
        "0044",
        "SQL Database vCore",
        "SQL Database",
        "vCore",
        "1 Hour",
        Decimal("0.2521"),
        False,
    ),
)
