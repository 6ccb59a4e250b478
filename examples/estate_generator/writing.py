"""The estate as files: names and bytes. The vendor's files are UTF-8 with a byte order mark and CRLF; the buyer's
own tables are plain UTF-8 with LF."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from examples.estate_generator import layouts
from examples.estate_generator.catalogue import NEGOTIATED
from examples.estate_generator.customers import AGREEMENTS, NOTHING, TAXES, Customer
from examples.estate_generator.cycles import ONE_DAY, Span, half_up
from examples.estate_generator.errors import PlantedError
from examples.estate_generator.estate import Estate

_ENTITLEMENTS = layouts.columns(
    "subscription_id customer_id product_id sku_id quantity term_duration billing_plan segment term_start "
    "term_end unit_price provisioned programme cancelled_on auto_renew replaces_sku_id promotion_id "
    "valid_from valid_to"
)
_DEPLOYMENTS = layouts.columns("customer_id product_id sku_id as_of assigned active")
_CUSTOMERS = layouts.columns(
    "customer_id customer_name country tax_exempt agreement_id agreement_accepted_on agreement_expires_on "
    "gdap_status gdap_expires_on billing_permission billing_cycle reseller_mpn_id partner_of_record "
    "markup_percent"
)
_INVOICES = layouts.columns(
    "invoice_number invoice_date due_date billing_period_start billing_period_end currency subtotal "
    "tax_total adjustments total document_type amends paid_on"
)
_TRUTH = layouts.columns(
    "error_id rule_name source_file source_row invoice_number customer_id subscription_id amount currency "
    "note"
)


def files_of(estate: Estate) -> dict[str, bytes]:
    """Every file of the estate's folder, by its name."""
    files: dict[str, bytes] = {}
    for invoice, number in enumerate(estate.invoice_numbers):
        # The last month came after the vendor changed its columns.
        later = invoice == len(estate.months) - 1
        columns = layouts.LATER_INVOICE_COLUMNS if later else layouts.INVOICE_COLUMNS
        lines = (layouts.invoice_cells(line, number) for line in estate.lines[invoice])
        files[_invoice_file(estate, invoice)] = _vendor_file(columns, lines)
        days = (layouts.usage_cells(row, number) for row in estate.usage if row.invoice == invoice)
        files[f"daily-rated-usage-{_label(estate, invoice)}.csv"] = _vendor_file(layouts.USAGE_COLUMNS, days)
    files["price-list.csv"] = _vendor_file(layouts.PRICE_COLUMNS, layouts.price_rows())
    files["entitlements.csv"] = _own_file(_ENTITLEMENTS, (row.cells() for row in estate.entitlements))
    files["deployments.csv"] = _own_file(_DEPLOYMENTS, (row.cells() for row in estate.deployments))
    files["customers.csv"] = _own_file(_CUSTOMERS, (_customer_cells(estate, one) for one in estate.customers))
    files["invoices.csv"] = _own_file(_INVOICES, (_invoice_row(estate, n) for n in range(len(estate.months))))
    files["contract.yaml"] = _contract().encode()
    return files


def truth_of(estate: Estate, errors: Sequence[PlantedError]) -> bytes:
    """The planted errors with the row each stands on, as a spreadsheet counts: the header is row 1."""
    rows = {line.serial: (line, row) for month in estate.lines for row, line in enumerate(month, start=2)}
    truth = []
    for number, error in enumerate(errors, start=1):
        line, row = rows[error.serial]
        truth.append(
            (
                f"E{number:03d}",
                error.rule,
                _invoice_file(estate, line.invoice),
                str(row),
                estate.invoice_numbers[line.invoice],
                line.customer.customer_id if line.customer else "",
                line.subscription_id,
                "" if error.amount is None else layouts.plain(half_up(error.amount)),
                "" if error.amount is None else "USD",
                error.note,
            )
        )
    return _own_file(_TRUTH, truth)


def _label(estate: Estate, invoice: int) -> str:
    return f"{estate.months[invoice].start:%Y-%m}"


def _invoice_file(estate: Estate, invoice: int) -> str:
    return f"invoice-reconciliation-{_label(estate, invoice)}.csv"


def _vendor_file(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _own_file(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode()


def _customer_cells(estate: Estate, customer: Customer) -> tuple[str, ...]:
    theirs = [one for one in estate.subscriptions if one.customer is customer]
    cycles = {one.plan.cycle_months for one in theirs}
    cycle = {frozenset({1}): "monthly", frozenset({12}): "annual"}.get(frozenset(cycles), "other")
    return (
        customer.customer_id,
        customer.name,
        customer.country,
        str(customer.exempt).lower(),
        customer.agreement_id,
        customer.agreed_on.isoformat(),
        "2029-06-30",
        "active",
        "2027-12-31",
        "true",
        cycle,
        "",
        layouts.PARTNER_MPN,
        "",
    )


def _invoice_row(estate: Estate, invoice: int) -> tuple[str, ...]:
    """One invoice a month, dated the 7th of the next: as billed, errors and all."""
    month, lines = estate.months[invoice], estate.lines[invoice]
    dated = _invoice_date(month)
    subtotal = sum((line.subtotal for line in lines), NOTHING)
    tax = sum((line.tax for line in lines), NOTHING) + estate.tax_on_invoice(invoice)
    adjustments = estate.adjustments[invoice]
    return (
        estate.invoice_numbers[invoice],
        dated.isoformat(),
        (dated + timedelta(days=60)).isoformat(),
        month.start.isoformat(),
        month.end.isoformat(),
        "USD",
        layouts.plain(subtotal),
        layouts.plain(tax),
        layouts.plain(adjustments),
        layouts.plain(subtotal + tax + adjustments),
        "invoice",
        "",
        "",
    )


def _invoice_date(month: Span) -> date:
    return (month.end + ONE_DAY).replace(day=7)


def _contract() -> str:
    prices = "\n".join(
        f'  - {{product_id: {product}, sku_id: "{sku}", term: {term}, billing_plan: {plan}, unit_price: {price},'
        f" from: 2024-07-01, to: 2027-06-30}}"
        for (product, sku, term, plan), price in NEGOTIATED.items()
    )
    taxes = "\n".join(
        f"  - {{country: {country}, rate: {tax.rate}, on: {tax.on}}}" for country, tax in TAXES.items()
    )
    agreements = "\n".join(
        f"  - {{agreement_id: {one}, from: 2022-10-01, to: 2029-06-30}}" for one in AGREEMENTS
    )
    return f"""\
# The contract of a made-up reseller. Prices are for one billing cycle of a licence.
contract:
  number: E-2024-0117
  program: csp
  buyer: {layouts.PARTNER_NAME}
  seller: Fabrikam Licensing
  books: buyer
  currency: USD
  start: 2024-07-01
  end: 2027-06-30
  annual_spend: 2000000.00
  discount_rate: 0.08
  spend_growth: 0.00
  payments: year_end
prices:
{prices}
tolerances: {{amount: 0.01, usage_variance: 0.03, usage_variance_claim: 0.05}}
tax:
{taxes}
claim_windows:
  - {{window: invoice-dispute, months: 6, from: invoice_date, clause: "7.2"}}
usage_thresholds: {{spike_factor: 3, trailing_days: 7}}
recover_unused: {{allowed: true, clause: "9.1"}}
dates: {{anniversary: 2026-07-01, notice_by: 2027-03-31}}
agreements:
{agreements}
partner: {{mpn_id: "{layouts.PARTNER_MPN}", type: direct_bill}}
pack: standard
"""
