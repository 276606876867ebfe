"""The sample as a stream: first the company-wide tables, then one block of customers after the other."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from scripts.sample_data import back_office, bills, catalogue, contracts, engagement, feedback, schema, visits
from scripts.sample_data.columns import NULL, Frame, constant, length, take, to_table
from scripts.sample_data.lines import make_lines
from scripts.sample_data.people import customers_frame, make_people
from scripts.sample_data.scenario import SERIALS_PER_BLOCK, Scenario, serials
from scripts.sample_data.transactions import batch_number, make_transactions, property_payments


def company_tables(scenario: Scenario) -> dict[str, pa.Table]:
    """The tables that do not grow with the customers."""
    return {name: _delivered(name, frame) for name, frame in catalogue.company_wide(scenario).items()}


def blocks(scenario: Scenario, only_required: bool = False) -> Iterator[dict[str, pa.Table]]:
    """The customer tables, block by block; a block is drawn when it is asked for.

    With `only_required` a block has only the two required tables, each with its required columns.
    """
    for block in range(scenario.block_count):
        frames = block_frames(scenario, block)
        if only_required:
            yield {name: to_table(frame, schema.REQUIRED_ONLY[name]) for name, frame in _required_only(frames).items()}
        else:
            yield {name: _delivered(name, frame) for name, frame in frames.items()}


def block_frames(scenario: Scenario, block: int) -> dict[str, Frame]:
    """All rows of one block of customers, by table."""
    people = make_people(scenario, block)
    lines = make_lines(scenario, block, people)
    sales = contracts.make_sales(scenario, block, people, lines)
    monthly = contracts.make_monthly(scenario, block, people, lines, sales)
    serial = serials(block, len(sales) + len(monthly))
    sale_serial, monthly_serial = serial[: len(sales)], serial[len(sales) :]
    billed = bills.make_bills(scenario, block, people, monthly, monthly_serial)
    visited = visits.make_visits(scenario, block, people, lines)
    paid = property_payments(scenario, block, sales, sale_serial)
    transactions = make_transactions(scenario, block, people, paid, visited, billed.frame)
    complaints, complaint_events = feedback.complaints_frames(scenario, block, people, lines)
    return {
        "customers": customers_frame(scenario, block, people),
        "customer_identity": back_office.identity_frame(scenario, block, people),
        "contracts": contracts.contracts_frame(scenario, block, people, sales, monthly, serial),
        "contract_parties": contracts.parties_frame(scenario, block, people, sales, sale_serial),
        "transactions": transactions.frame,
        "energy_readings": bills.readings_frame(scenario, block, people, monthly, billed, monthly_serial),
        "surveys": feedback.surveys_frame(scenario, block, people, lines, transactions),
        "complaints": complaints,
        "complaint_events": complaint_events,
        "interactions": engagement.interactions_frame(scenario, block, people, lines),
        "referrals": engagement.referrals_frame(scenario, block, people, lines),
        "points_events": engagement.points_frame(scenario, block, people, transactions),
        "tier_overrides": back_office.overrides_frame(scenario, block, people, lines),
        "expert_scores": back_office.expert_scores_frame(scenario, block, people, lines),
        "campaign_contacts": engagement.contacts_frame(scenario, block, people),
        "pilot_assignments": engagement.pilots_frame(scenario, block, people),
        "privacy_requests": back_office.privacy_frame(scenario, block, people),
        "crm_zoho_accounts": back_office.zoho_frame(scenario, block, people),
        "crm_fxiaoke_accounts": back_office.fxiaoke_frame(scenario, block, people),
    }


def _delivered(name: str, frame: Frame) -> pa.Table:
    """A frame with the columns that every delivery has, as a typed table."""
    delivery = {"source_system": constant(0, length(frame)), "batch_id": batch_number(frame["recorded_at"])}
    return to_table(frame | delivery, schema.TABLES[name])


def _required_only(frames: dict[str, Frame]) -> dict[str, Frame]:
    """The least that can be delivered: customer numbers, and amounts in CNY, negative where a sale is taken back."""
    rows = frames["transactions"]
    is_reversal = rows["original_txn_id"] != NULL
    position = np.arange(length(rows))
    sale = np.where(is_reversal, (rows["original_txn_id"] - 1) % SERIALS_PER_BLOCK, position)
    takes_all_back = is_reversal & (rows["amount"] == rows["amount"][sale])
    is_sale = np.isin(rows["txn_type"], (schema.PURCHASE, schema.BILL)) & (rows["payment_status"] != schema.VOID)
    in_cny = (rows["currency"] == 0) & (rows["currency"][sale] == 0)
    transactions = take(
        rows | {"amount": np.where(is_sale, rows["amount"], -rows["amount"])}, (is_sale | takes_all_back) & in_cny
    )
    return {
        "customers": {"customer_id": np.unique(frames["customers"]["customer_id"])},
        "transactions": {name: transactions[name] for name in schema.REQUIRED_ONLY["transactions"]},
    }
