-- One row per knowledge date, customer and contract line with a billed month of late: what a month brought in the last twelve billed ones.
-- Bills may come every month or every quarter: the contribution is spread over the months between them.

with

months as (

    select
        lobs.as_of_date,
        days.customer_key,
        days.lob,
        {{ month_number('days.value_date') }} as billing_month,
        sum(days.contribution_amount) as contribution,
        max(days.value_date) as last_value_date

    from {{ ref('int_customer_line_days') }} as days
    inner join {{ ref('int_clv_lines_in_force') }} as lobs
        on days.lob = lobs.lob and lobs.prediction = 'contract' and days.seen_from <= lobs.as_of_date

    where
        {{ month_number('days.value_date') }} > {{ month_number('lobs.as_of_date') }} - 36
        and {{ month_number('days.value_date') }} <= {{ month_number('lobs.as_of_date') }}

    group by lobs.as_of_date, days.customer_key, days.lob, {{ month_number('days.value_date') }}

    having sum(days.net_amount) > 0

),

numbered as (

    select
        months.*,
        row_number() over (partition by as_of_date, customer_key, lob order by billing_month desc) as months_back

    from months

)

select
    as_of_date,
    customer_key,
    lob,
    count(*) as month_count,
    cast(sum(contribution) as decimal(18, 2)) as contribution,
    cast(
        cast(sum(contribution) as {{ type_double() }})
        * case when count(*) >= 3 then cast(count(*) - 1 as {{ type_double() }}) / (max(billing_month) - min(billing_month)) else 1 end
        / count(*) as {{ type_double() }}
    ) as monthly_contribution,
    max(last_value_date) as last_bill_date

from numbered

where months_back <= 12

group by as_of_date, customer_key, lob
