"""Who is billed: names, countries, and how each country's tax is shown."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from examples.estate_generator.cycles import half_up

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Tax:
    """A country's rate, and whether it stands on each line or on the invoice alone."""

    rate: Decimal
    on: str


TAXES = {
    "US": Tax(Decimal("0.0825"), "line"),
    "DE": Tax(Decimal("0.19"), "line"),
    "GB": Tax(Decimal("0.20"), "line"),
    "FR": Tax(Decimal("0.20"), "invoice"),
    "JP": Tax(Decimal("0.10"), "invoice"),
}
AGREEMENTS = ("MCA-1", "MCA-2", "MCA-3")
_COUNTRIES = ("US",) * 9 + ("DE",) * 4 + ("GB",) * 3 + ("FR",) * 2 + ("JP",) * 2

# First parts, divided by blanks, and second parts.
_NAMES = {
    "US": (
        "Alder Bay Canyon Dogwood Elmwood Foxglove Granite Hawthorne Juniper Keystone Larkspur Mesa Oakridge Prairie "
        "Redwood Sagebrush Timberline Umber Vista Willow",
        (
            "Dental Group, LLC",
            "Freight, Inc.",
            "Foods Co.",
            "Engineering, P.C.",
            "Outdoor Supply",
            "Credit Union",
        ),
    ),
    "DE": (
        "Ahrens Böhm Claßen Dörfler Eichhorn Förster Gärtner Huber Jäger König Lüders Möller Nußbaum Ostermann "
        "Pfeiffer Röhrig Schäfer Thönnes Übler Weiß",
        ("& Söhne GmbH", "Maschinenbau GmbH", "Logistik AG", "Klein und Partner, Steuerberater", "Bau KG"),
    ),
    "GB": (
        "Ashdown Brackley Coldstream Dunmore Easthope Fenwick Garside Hexham Ilkley Kelso Ludlow Malvern Oundle "
        "Penrith Ripon Selkirk Thirsk Whitby",
        ("Joinery Ltd", "Surveyors, LLP", "& Daughters Ltd", "Housing Trust", "Marine Ltd"),
    ),
    "FR": (
        "Aubert Beaulieu Chevalier Dufour Évrard Fontaine Girard Hérault Jolivet Lefèvre Marchand Noël Perrin Renaud "
        "Sauvage Tessier",
        ("et Fils, SARL", "Conseil SAS", "Métallurgie SA", "Santé, Mutuelle"),
    ),
    "JP": (
        "Asahigaoka Fujimi Hamanaka Ikegami Kisaragi Minato Nagamine Okazaki Sakurai Takamori Umeda Yamabuki",
        ("Shokai K.K.", "Seisakusho Co., Ltd.", "Foods K.K.", "Systems Co., Ltd."),
    ),
}


@dataclass(frozen=True, slots=True)
class Customer:
    """`seats` is about how many licences of a product it buys."""

    customer_id: str
    name: str
    domain: str
    country: str
    exempt: bool
    segment: str
    seats: int
    agreement_id: str
    agreed_on: date

    def line_tax(self, subtotal: Decimal) -> Decimal:
        """The tax that a line must carry, half up to the cent; none where it stands on the invoice."""
        tax = TAXES[self.country]
        return NOTHING if self.exempt or tax.on == "invoice" else half_up(subtotal * tax.rate)


def new_id(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def draw_customers(rng: random.Random, count: int) -> list[Customer]:
    """So many customers with names of their own. Every fifteenth is exempt from tax, every twentieth a school; the
    first of them cover all countries."""
    used: set[str] = set()
    customers = []
    for number in range(count):
        country = list(TAXES)[number] if number < len(TAXES) else rng.choice(_COUNTRIES)
        exempt = number % 15 == 7
        if exempt:
            country = rng.choice(("US", "DE", "GB"))
        name = _unused_name(rng, country, used)
        domain = "".join(c for c in name.lower() if c.isascii() and c.isalnum())[:14]
        customers.append(
            Customer(
                customer_id=new_id(rng),
                name=name,
                domain=f"{domain}{number}.example",
                country=country,
                exempt=exempt,
                segment="Education" if number % 20 == 11 else "Commercial",
                seats=rng.choice((4, 6, 9, 14, 20, 32, 60, 140)),
                agreement_id=rng.choice(AGREEMENTS),
                agreed_on=date(2022, 10, 3) + timedelta(days=rng.randrange(80)),
            )
        )
    return customers


def _unused_name(rng: random.Random, country: str, used: set[str]) -> str:
    firsts, lasts = _NAMES[country]
    name = f"{rng.choice(firsts.split())} {rng.choice(lasts)}"
    while name in used:
        name = f"{rng.choice(firsts.split())} {name}"
    used.add(name)
    return name
