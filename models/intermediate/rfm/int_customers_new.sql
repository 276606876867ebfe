-- One row per review date and customer who is new: the first purchase is at most the new_days of its line ago.

with

longest as (

    select
        as_of_date,
        max(new_days) as longest_new_days

    from {{ ref('int_lobs_in_force') }}

    group by as_of_date

),

recent as (

    select
        measured.as_of_date,
        measured.customer_key,
        measured.first_purchase_date

    from {{ ref('int_customers_rfm_measured') }} as measured
    inner join longest
        on measured.as_of_date = longest.as_of_date

    where {{ days_between('measured.first_purchase_date', 'measured.as_of_date') }} <= longest.longest_new_days

)

select distinct
    recent.as_of_date,
    recent.customer_key

from recent
inner join {{ ref('int_customer_lines_held') }} as lines
    on
        recent.as_of_date = lines.as_of_date
        and recent.customer_key = lines.customer_key
        and recent.first_purchase_date = lines.first_occasion_date
inner join {{ ref('int_lobs_in_force') }} as lobs
    on lines.as_of_date = lobs.as_of_date and lines.lob = lobs.lob

where {{ days_between('recent.first_purchase_date', 'recent.as_of_date') }} <= lobs.new_days
