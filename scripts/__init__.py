"""Everything around dbt: landing, checks, refresh and publish."""
