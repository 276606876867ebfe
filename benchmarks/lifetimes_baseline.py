"""What `lifetimes` makes of the customers in a Parquet file: `python lifetimes_baseline.py FROM.parquet TO.parquet`.

Reads customer_key, frequency, recency, T (in days) and monetary_value; writes customer_key and what is predicted.
Prints the parameters and the versions as JSON. Runs in the environment of requirements/lifetimes.txt.
"""

import json
import sys
import warnings
from importlib.metadata import version

import pandas as pd
from lifetimes import BetaGeoFitter, GammaGammaFitter

MONTHLY_DISCOUNT = 1.08 ** (1 / 12) - 1


def main(source: str, target: str) -> None:
    """Fit, predict, write, print."""
    warnings.simplefilter("ignore")  # logarithms of zero inside the optimizer
    customers = pd.read_parquet(source)
    history = customers["frequency"], customers["recency"], customers["T"]
    purchases, spend = BetaGeoFitter(), GammaGammaFitter()
    purchases.fit(*history)
    repeaters = customers[customers["monetary_value"] > 0]
    spend.fit(repeaters["frequency"], repeaters["monetary_value"])
    predicted = customers[["customer_key"]].copy()
    for days in (30, 90, 365):
        expected = purchases.conditional_expected_number_of_purchases_up_to_time(days, *history)
        predicted[f"purchases_{days}d"] = expected
    predicted["p_alive"] = purchases.conditional_probability_alive(*history)
    for months in (12, 36):
        predicted[f"clv_{months}m"] = spend.customer_lifetime_value(
            purchases,
            *history,
            customers["monetary_value"],
            time=months,
            discount_rate=MONTHLY_DISCOUNT,
            freq="D",
        )
    predicted.to_parquet(target)
    parameters = {name: float(value) for fit in (purchases, spend) for name, value in fit.params_.items()}
    versions = {name: version(name) for name in ("lifetimes", "numpy", "scipy", "pandas")}
    print(json.dumps({"parameters": parameters, "versions": versions}))


if __name__ == "__main__":
    main(*sys.argv[1:])
