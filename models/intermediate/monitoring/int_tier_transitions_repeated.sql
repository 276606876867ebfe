-- One row per state before and after: the share of those before that is there 32 reviews on.

with

{{ five_squarings(ref('int_tier_transitions')) }}

select
    from_tier,
    to_tier,
    share

from squared_5
