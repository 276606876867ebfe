-- One row per override known at the as-of date: what it asks for, whether it is applied or why not, and the tiers it stands between.

with

judged as (

    select
        judged.*,
        -- How many began before it. Of several that begin on one day none is before the others.
        rank() over (
            partition by judged.customer_key, judged.axis, judged.kind, judged.tier order by judged.valid_from
        ) - 1 as renewal_count

    from {{ ref('int_tier_overrides_judged') }} as judged
    inner join {{ ref('int_review_dates') }} as review_dates
        on judged.as_of_date = review_dates.as_of_date and review_dates.is_current

)

select
    judged.as_of_date,
    judged.source_system,
    judged.override_id,
    customers.customer_id,
    judged.axis,
    judged.kind as override_kind,
    judged.override_tier,
    judged.reason_code,
    judged.status,
    tiers.computed_tier,
    tiers.value_tier,
    {{ shown_code('judged.requested_by') }} as requested_by,
    {{ shown_code('judged.approved_by') }} as approved_by,
    cast({{ days_between('judged.valid_from', 'judged.valid_to') }} as integer) as period_days,
    case
        when judged.valid_from <= judged.as_of_date and judged.as_of_date < judged.valid_to
            then cast({{ days_between('judged.as_of_date', 'judged.valid_to') }} as integer)
    end as days_left,
    cast(judged.renewal_count as bigint) as renewal_count,
    judged.status = 'applied' as is_applied,
    judged.valid_from,
    judged.valid_to,
    judged.approved_on,
    judged.revoked_on

from judged
inner join {{ ref('int_customers_keyed') }} as customers
    on judged.customer_key = customers.customer_key
left join {{ ref('int_customers_tiered') }} as tiers
    on
        judged.as_of_date = tiers.as_of_date
        and judged.customer_key = tiers.customer_key
        and coalesce(judged.axis, '') <> 'card'
