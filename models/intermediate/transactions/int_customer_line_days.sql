-- One row per customer, line, value date and review that first knew it: net and contribution, added up once for everything downstream.

with

days as (

    select
        customer_key,
        lob,
        value_date,
        seen_from,
        cast(sum(net_amount) as decimal(18, 2)) as net_amount,
        cast(sum(contribution_amount) as decimal(18, 2)) as contribution_amount

    from {{ ref('int_value_postings') }}

    group by customer_key, lob, value_date, seen_from

)

select
    days.customer_key,
    days.lob,
    days.net_amount,
    days.contribution_amount,
    days.value_date,
    {{ add_months('days.value_date', 'lobs.recognition_months') }} as recognised_until,
    days.seen_from

from days
inner join {{ ref('policy_lobs') }} as lobs
    on days.lob = lobs.lob and {{ in_force('lobs', 'days.value_date') }}
