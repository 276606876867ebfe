"""The sample as a stream: first the company-wide tables, then one block of customers after the other."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from scripts.sample_data import back_office, bills, catalogue, contracts, engagement, feedback, schema, visits
from scripts.sample_data.columns import Frame, length, take, to_table
from scripts.sample_data.lines import make_lines
from scripts.sample_data.people import customers_frame, make_people
from scripts.sample_data.scenario import Scenario
from scripts.sample_data.transactions import batch_number, make_transactions, property_payments

SERIALS_PER_BLOCK = 10_000_000


def serial_numbers(block: int, count: int) -> np.ndarray:
    """Numbers 1 to count of a block; those of another block differ."""
    return block * SERIALS_PER_BLOCK + np.arange(count) + 1


def company_tables(scenario: Scenario) -> dict[str, pa.Table]:
    """The tables that do not grow with the customers."""
    return {name: _delivered(name, frame) for name, frame in catalogue.company_wide(scenario).items()}


def blocks(scenario: Scenario) -> Iterator[dict[str, pa.Table]]:
    """The customer tables, block by block; a block is drawn when it is asked for."""
    for block in range(scenario.block_count):
        yield block_tables(scenario, block)


def block_tables(scenario: Scenario, block: int) -> dict[str, pa.Table]:
    """All rows of one block of customers, by table."""
    people = make_people(scenario, block)
    lines = make_lines(scenario, block, people)
    sales = contracts.make_sales(scenario, block, people, lines)
    monthly = contracts.make_monthly(scenario, block, people, lines, sales)
    serial = serial_numbers(block, len(sales) + len(monthly))
    sale_serial, monthly_serial = serial[: len(sales)], serial[len(sales) :]
    billed = bills.make_bills(scenario, block, people, monthly, monthly_serial)
    transactions = make_transactions(
        scenario,
        block,
        people,
        [
            visits.make_visits(scenario, block, people, lines),
            billed.frame,
            property_payments(scenario, block, sales, sale_serial),
        ],
    )
    complaints, complaint_events = feedback.complaints_frames(scenario, block, people, lines)
    frames = {
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
    return {name: _delivered(name, frame) for name, frame in frames.items()}


def _delivered(name: str, frame: Frame) -> pa.Table:
    """A frame with the columns that every delivery has, as a typed table."""
    count = length(frame)
    delivery = {"source_system": np.zeros(count, np.int64), "batch_id": batch_number(frame["recorded_at"])}
    return to_table(frame | delivery, schema.TABLES[name])


def required_only(scenario: Scenario, block: int) -> dict[str, pa.Table]:
    """The least that can be delivered: customer numbers, and amounts in CNY, negative where a sale is taken back."""
    raise NotImplementedError
