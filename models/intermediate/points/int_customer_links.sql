-- One row per customer merged into another one at the as-of date, and since when.

select
    from_key,
    to_key,
    min(merged_on) as merged_on

from {{ ref('int_customer_identity_screened') }}

where is_merged and fate = 'accepted'

group by from_key, to_key
