-- Every suggestion, praise and complaint that is not void is told once, but for those of tests and staff.

with

voices as (

    select
        theme_source,
        sum(complaint_count) as complaint_count,
        sum(suggestion_count + praise_count) as other_count

    from {{ ref('voice_of_customer') }}

    where theme_source = 'feedback'

    group by theme_source

),

cases as (

    select
        'feedback' as theme_source,
        sum(case when cases.feedback_type = 'complaint' then 1 else 0 end) as complaint_count,
        sum(case when cases.feedback_type = 'complaint' then 0 else 1 end) as other_count

    from {{ ref('feedback_cases') }} as cases
    inner join {{ ref('customers') }} as customers
        on cases.customer_id = customers.customer_id

    where
        (cases.feedback_type <> 'complaint' or not cases.is_void)
        and coalesce(customers.exclusion_reason, 'none') not in ('test', 'staff')

)

select
    cases.complaint_count,
    cases.other_count,
    voices.complaint_count as told_complaint_count,
    voices.other_count as told_other_count

from cases
left join voices
    on cases.theme_source = voices.theme_source

where
    coalesce(cases.complaint_count, 0) <> coalesce(voices.complaint_count, 0)
    or coalesce(cases.other_count, 0) <> coalesce(voices.other_count, 0)
