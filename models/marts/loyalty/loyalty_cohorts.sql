-- One row per review date and cohort: customers of a quarter of first purchase, how many came again, stayed and renewed.

with

levels as (

    select true as is_total

    union all

    select false as is_total

),

renewals as (

    select
        as_of_date,
        customer_key,
        count(*) as due_count,
        sum(case when is_renewed then 1 else 0 end) as renewed_count

    from {{ ref('int_contracts_due') }}

    group by as_of_date, customer_key

),

referrers as (

    select distinct
        as_of_date,
        referrer_key

    from {{ ref('int_referrals_judged') }}

    where is_converted

),

customers as (

    select
        retained.as_of_date,
        case
            when levels.is_total then 'all'
            else
                cast(cast(extract(year from retained.first_purchase_date) as integer) as {{ type_text() }})
                || '-Q'
                || cast(cast(extract(quarter from retained.first_purchase_date) as integer) as {{ type_text() }})
        end as cohort,
        retained.occasion_count,
        retained.is_active_before,
        retained.is_active,
        retained.is_active and referrers.referrer_key is not null as is_referrer,
        renewals.due_count,
        renewals.renewed_count

    from {{ ref('int_customers_retained') }} as retained
    cross join levels
    left join renewals
        on retained.as_of_date = renewals.as_of_date and retained.customer_key = renewals.customer_key
    left join referrers
        on retained.as_of_date = referrers.as_of_date and retained.customer_key = referrers.referrer_key

),

cohorts as (

    select
        as_of_date,
        cohort,
        count(*) as customer_count,
        sum(case when occasion_count >= 2 then 1 else 0 end) as repeat_count,
        sum(case when is_active_before then 1 else 0 end) as active_before_count,
        sum(case when is_active_before and is_active then 1 else 0 end) as retained_count,
        sum(case when is_active then 1 else 0 end) as active_count,
        sum(case when is_referrer then 1 else 0 end) as referrer_count,
        coalesce(sum(due_count), 0) as due_count,
        coalesce(sum(renewed_count), 0) as renewed_count

    from customers

    group by as_of_date, cohort

)

select
    as_of_date,
    cohort,
    cast(customer_count as bigint) as customer_count,
    cast(repeat_count as bigint) as repeat_count,
    {{ ratio('repeat_count', 'customer_count', 4, decimals=0) }} as repeat_rate,
    cast(active_before_count as bigint) as active_before_count,
    cast(retained_count as bigint) as retained_count,
    {{ ratio('retained_count', 'active_before_count', 4, decimals=0) }} as retention_rate,
    cast(1 - {{ ratio('retained_count', 'active_before_count', 4, decimals=0) }} as decimal(18, 4)) as churn_rate,
    cast(active_count as bigint) as active_count,
    cast(due_count as bigint) as due_count,
    cast(renewed_count as bigint) as renewed_count,
    {{ ratio('renewed_count', 'due_count', 4, decimals=0) }} as renewal_rate,
    cast(referrer_count as bigint) as referrer_count,
    {{ ratio('referrer_count', 'active_count', 4, decimals=0) }} as referral_rate

from cohorts

where {{ is_shown('as_of_date') }}
