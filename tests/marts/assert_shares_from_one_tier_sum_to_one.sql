-- The shares of those who were in one tier at one date sum to 1, but for rounding.

select
    from_date,
    to_date,
    from_tier,
    sum(share) as share

from {{ ref('tier_migrations') }}

group by from_date, to_date, from_tier

having abs(sum(share) - 1) > 0.0005
