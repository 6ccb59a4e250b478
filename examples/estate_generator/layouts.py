"""The vendor's layouts: which columns, in which order, and what a cell looks like.

New-commerce invoice reconciliation (47 columns, or 48 in the later order without AlternateId and BillingFrequency),
daily rated usage (55) and the licence price list (21).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from examples.estate_generator.billing import Line
from examples.estate_generator.catalogue import (
    MARKETS,
    PLANS,
    PRODUCTS,
    SECOND_RISE,
    Plan,
    Product,
    list_price,
)
from examples.estate_generator.cycles import ONE_DAY, half_up
from examples.estate_generator.usage import EARNED, UsageDay

PARTNER_ID = "5f6dd3a8-7a0b-4c55-9d2c-6a3f2b1c0e97"
PARTNER_NAME = "Alder & Finch Cloud, Ltd"
PARTNER_MPN = "4829167"
PUBLISHER = "Microsoft Corporation"


def columns(text: str, between: str = " ") -> tuple[str, ...]:
    """The names of a header."""
    return tuple(text.split(between))


INVOICE_COLUMNS = columns(
    "PartnerId CustomerId CustomerName CustomerDomainName CustomerCountry InvoiceNumber MpnId Tier2MpnId "
    "OrderId OrderDate ProductId SkuId AvailabilityId SkuName ProductName ChargeType UnitPrice Quantity "
    "Subtotal TaxTotal Total Currency PriceAdjustmentDescription PublisherName PublisherId "
    "SubscriptionDescription SubscriptionId ChargeStartDate ChargeEndDate TermAndBillingCycle "
    "EffectiveUnitPrice UnitType AlternateId BillableQuantity BillingFrequency PricingCurrency "
    "PCToBCExchangeRate PCToBCExchangeRateDate MeterDescription ReservationOrderId CreditReasonCode "
    "SubscriptionStartDate SubscriptionEndDate ReferenceId ProductQualifiers PromotionId ProductCategory"
)

LATER_INVOICE_COLUMNS = columns(
    "PartnerId PartnerName CustomerId CustomerName CustomerDomainName CustomerCountry InvoiceNumber MpnId "
    "Tier2MpnId OrderId OrderDate ProductId SkuId AvailabilityId SkuName ProductName ProductCategory "
    "ProductQualifiers PublisherName PublisherId PublisherDiscount ChargeType SubscriptionId "
    "SubscriptionDescription SubscriptionStartDate SubscriptionEndDate TermAndBillingCycle "
    "ChargeStartDate ChargeEndDate UnitPrice EffectiveUnitPrice UnitType Quantity BillableQuantity "
    "Subtotal TaxTotal Total Currency PricingCurrency PCToBCExchangeRate PCToBCExchangeRateDate "
    "MeterDescription PriceAdjustmentDescription DiscountDetails ReservationOrderId CreditReasonCode "
    "ReferenceId PromotionId"
)

USAGE_COLUMNS = columns(
    "PartnerId PartnerName CustomerId CustomerName CustomerDomainName CustomerCountry MpnId Tier2MpnId "
    "InvoiceNumber ProductId SkuId AvailabilityId SkuName ProductName PublisherName PublisherId "
    "SubscriptionDescription SubscriptionId ChargeStartDate ChargeEndDate UsageDate MeterType "
    "MeterCategory MeterId MeterSubCategory MeterName MeterRegion Unit ResourceLocation ConsumedService "
    "ResourceGroup ResourceURI ChargeType UnitPrice Quantity UnitType BillingPreTaxTotal BillingCurrency "
    "PricingPreTaxTotal PricingCurrency ServiceInfo1 ServiceInfo2 Tags AdditionalInfo EffectiveUnitPrice "
    "PCToBCExchangeRate PCToBCExchangeRateDate EntitlementId EntitlementDescription "
    "PartnerEarnedCreditPercentage CreditPercentage CreditType BenefitOrderId BenefitId BenefitType"
)

PRICE_COLUMNS = columns(
    "ChangeIndicator,ProductTitle,ProductId,SkuId,SkuTitle,Publisher,SkuDescription,UnitOfMeasure,TermDuration,"
    "BillingPlan,Market,Currency,UnitPrice,PricingTierRangeMin,PricingTierRangeMax,EffectiveStartDate,EffectiveEndDate,"
    "Tags,ERP Price,Segment,PreviousValues",
    between=",",
)

# The vendor does not keep to one case.
_SPELLINGS = {
    "cycleCharge": ("cycleCharge", "CycleCharge", "cyclecharge"),
    "new": ("new", "New", "new"),
    "renew": ("renew", "Renew", "RENEW"),
    "addQuantity": ("addQuantity", "AddQuantity", "addquantity"),
    "removeQuantity": ("removeQuantity", "RemoveQuantity", "removequantity"),
}


def american(day: date | None) -> str:
    """Month, day, year, without leading zeros: 2/7/2026."""
    return f"{day.month}/{day.day}/{day.year}" if day else ""


def plain(number: Decimal) -> str:
    """All digits, no exponent."""
    return format(number, "f")


def invoice_cells(line: Line, invoice_number: str) -> dict[str, str]:
    """A line's filled columns, in either order's names."""
    customer = line.customer
    spellings = _SPELLINGS.get(line.charge_type, (line.charge_type,))
    spelling = spellings[(sum(line.order_id.encode()) + line.charged.end.day) % len(spellings)]
    cells = {
        "PartnerId": PARTNER_ID,
        "PartnerName": PARTNER_NAME,
        "CustomerCountry": line.country,
        "InvoiceNumber": invoice_number,
        "MpnId": PARTNER_MPN,
        "Tier2MpnId": "0",
        "OrderId": line.order_id,
        "OrderDate": american(line.order_date),
        "ProductId": line.product_id,
        "SkuId": line.sku_id,
        "SkuName": line.sku,
        "ProductName": line.product,
        "ChargeType": spelling,
        "UnitPrice": plain(line.unit_price),
        "Quantity": plain(line.quantity),
        "Subtotal": plain(line.subtotal),
        "TaxTotal": plain(line.tax),
        "Total": plain(line.total),
        "Currency": "USD",
        "PriceAdjustmentDescription": line.adjustment,
        "PublisherName": PUBLISHER,
        "SubscriptionDescription": line.sku,
        "SubscriptionId": line.subscription_id,
        "ChargeStartDate": american(line.charged.start),
        "ChargeEndDate": american(line.charged.end),
        "TermAndBillingCycle": line.wording,
        "EffectiveUnitPrice": plain(line.effective_price),
        "UnitType": line.unit_type,
        "BillableQuantity": plain(line.quantity),
        "BillingFrequency": line.frequency,
        "PricingCurrency": "USD",
        "PCToBCExchangeRate": "1",
        "MeterDescription": line.meter,
        "CreditReasonCode": line.credit_reason,
        "ProductCategory": line.category,
    }
    if customer:
        cells |= {
            "CustomerId": customer.customer_id,
            "CustomerName": customer.name,
            "CustomerDomainName": customer.domain,
        }
    if line.term:
        cells |= {
            "SubscriptionStartDate": american(line.term.start),
            "SubscriptionEndDate": american(line.term.end),
        }
    return cells


def usage_cells(row: UsageDay, invoice_number: str) -> dict[str, str]:
    """A day's filled columns; totals with ten decimals."""
    one, meter = row.metered, row.metered.meter
    cost = plain(row.cost.quantize(Decimal("1e-10")))
    first = row.day.replace(day=1)
    return {
        "PartnerId": PARTNER_ID,
        "CustomerId": one.customer.customer_id,
        "CustomerName": one.customer.name,
        "CustomerDomainName": one.customer.domain,
        "CustomerCountry": one.customer.country,
        "MpnId": PARTNER_MPN,
        "Tier2MpnId": "0",
        "InvoiceNumber": invoice_number,
        "ProductId": meter.product_id,
        "SkuId": meter.sku_id,
        "SkuName": meter.name,
        "ProductName": meter.product,
        "PublisherName": PUBLISHER,
        "SubscriptionDescription": "Azure plan",
        "SubscriptionId": one.subscription_id,
        "ChargeStartDate": american(first),
        "ChargeEndDate": american(_month_end(first)),
        "UsageDate": american(row.day),
        "MeterCategory": meter.category,
        "MeterName": meter.name,
        "Unit": meter.unit,
        "ChargeType": "new",
        "UnitPrice": plain(meter.rate),
        "Quantity": plain(row.quantity),
        "UnitType": meter.unit,
        "BillingPreTaxTotal": cost,
        "BillingCurrency": "USD",
        "PricingPreTaxTotal": cost,
        "PricingCurrency": "USD",
        "EffectiveUnitPrice": plain(one.effective_price),
        "PCToBCExchangeRate": "1",
        "PartnerEarnedCreditPercentage": plain(EARNED * 100).split(".")[0],
        "CreditPercentage": "0",
        "CreditType": "Partner Earned Credit Applied",
    }


def _month_end(first: date) -> date:
    return (first.replace(day=28) + 4 * ONE_DAY).replace(day=1) - ONE_DAY


def price_rows() -> Iterator[dict[str, str]]:
    """Every price that was ever on the list: a row for each product, plan, segment, market and stretch of time."""
    for product in PRODUCTS:
        for plan in PLANS:
            for segment in product.segments:
                for market in MARKETS:
                    yield from _price_history(product, plan, segment, market)


def _price_history(product: Product, plan: Plan, segment: str, market: str) -> Iterator[dict[str, str]]:
    starts = [since for since, _ in product.prices]
    ends = [f"{start - ONE_DAY}T23:59:59.0000000Z" for start in starts[1:]] + ["9999-11-30T23:59:59.0000000Z"]
    before: Decimal | None = None
    for start, end in zip(starts, ends, strict=True):
        price = list_price(product, plan, segment, market, start)
        retail = half_up(price / Decimal("0.8"))
        # Whoever made the list opened it in a spreadsheet, which takes 0001 for a number.
        sku = product.sku_id.lstrip("0") if product.sku_id.isdigit() else product.sku_id
        yield {
            "ChangeIndicator": "Change" if start == SECOND_RISE else "Unchanged",
            "ProductTitle": product.title,
            "ProductId": product.product_id,
            "SkuId": sku,
            "SkuTitle": product.sku_title,
            "Publisher": PUBLISHER,
            "TermDuration": plan.term,
            "BillingPlan": plan.billing,
            "Market": market,
            "Currency": "USD",
            "UnitPrice": plain(price),
            "EffectiveStartDate": f"{start}T00:00:00.0000000Z",
            "EffectiveEndDate": end,
            "Tags": "License",
            "ERP Price": plain(retail),
            "Segment": segment,
            "PreviousValues": f"{{'UnitPrice': '{before}'}}" if before is not None else "",
        }
        before = price
