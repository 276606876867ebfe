"""Bring the UCI Online Retail data: from one table of invoice lines to the two raw tables with their required columns.

``python examples/online_retail.py LINES.parquet RAW_DIR`` where LINES has Invoice, StockCode, Description, Quantity,
InvoiceDate, Price and Customer ID. Writes RAW_DIR/customers and RAW_DIR/transactions.
"""

import sys
from pathlib import Path

import duckdb

TRANSACTIONS = """
    select
        "Invoice" || '-' || row_number() over (
            partition by "Invoice" order by "StockCode", "Quantity", "Price", "Description"
        ) as txn_id,
        cast("Customer ID" as bigint) as customer_id,
        "InvoiceDate" as event_at,
        cast("Quantity" * "Price" as decimal(18, 2)) as amount
    from read_parquet(?)
"""


def main(lines: Path, raw: Path) -> None:
    """Write the customers and transactions of `lines` below `raw`."""
    for table in ("customers", "transactions"):
        (raw / table).mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"create table transactions as {TRANSACTIONS}", [str(lines)])
        connection.table("transactions").write_csv(str(raw / "transactions" / "lines.csv"), header=True)
        customers = "select distinct customer_id from transactions where customer_id is not null order by customer_id"
        connection.sql(customers).write_csv(str(raw / "customers" / "customers.csv"), header=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
