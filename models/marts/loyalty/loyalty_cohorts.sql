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
        renewals.due_count,
        renewals.renewed_count

    from {{ ref('int_customers_retained') }} as retained
    cross join levels
    left join renewals
        on retained.as_of_date = renewals.as_of_date and retained.customer_key = renewals.customer_key

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
    {{ ratio('renewed_count', 'due_count', 4, decimals=0) }} as renewal_rate

from cohorts
