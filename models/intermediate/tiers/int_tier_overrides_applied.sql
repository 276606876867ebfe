-- One row per graded date and customer with an override in force: which one counts, and the tier it gives.

select
    judged.as_of_date,
    judged.customer_key,
    judged.override_id,
    judged.kind as override_kind,
    judged.override_tier,
    cast({{ days_between('judged.as_of_date', 'judged.valid_to') }} as integer) as override_days_left,
    case
        when judged.kind = 'floor' and states.computed_level > {{ tier_level('judged.tier') }} then states.computed_tier
        when judged.kind = 'ceiling' and states.computed_level < {{ tier_level('judged.tier') }} then states.computed_tier
        else judged.override_tier
    end as final_tier

from {{ ref('int_tier_overrides_judged') }} as judged
inner join {{ ref('int_tier_states') }} as states
    on judged.as_of_date = states.as_of_date and judged.customer_key = states.customer_key

-- Overrides of cards are shown by the cards.
where judged.status = 'applied' and judged.axis = 'value'
