-- One row per shown date, metric and segment: renewals of each override applied, and each approver's share of all approved overrides.

with

judged as (

    select
        judged.*,
        judged.approved_on is not null and judged.approved_on <= judged.as_of_date as is_approved,
        rank() over (
            partition by judged.as_of_date, judged.customer_key, judged.axis, judged.kind, judged.tier
            order by judged.valid_from
        ) - 1 as renewal_count

    from {{ ref('int_tier_overrides_judged') }} as judged
    inner join {{ ref('int_monitoring_dates') }} as dates
        on judged.as_of_date = dates.as_of_date

),

approvers as (

    select
        as_of_date,
        {{ shown_code('min(approved_by)') }} as approver,
        count(*) as approved_count,
        sum(count(*)) over (partition by as_of_date) as all_approved_count

    from judged

    where is_approved

    group by as_of_date, lower(approved_by)

)

select
    as_of_date,
    'override_renewals' as metric,
    source_system || ':' || override_id as segment,
    cast(renewal_count as decimal(18, 4)) as metric_value

from judged

where status = 'applied'

union all

-- Those whose code is withheld are told as one: the one with the greatest share.
select
    as_of_date,
    'approver_share' as metric,
    approver as segment,
    max({{ ratio('approved_count', 'all_approved_count', 4, decimals=0) }}) as metric_value

from approvers

group by as_of_date, approver
