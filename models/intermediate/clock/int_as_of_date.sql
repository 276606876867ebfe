-- One row: the date of the grading. Given by the var, else the last date on which the delivered transactions were known.
-- Rows dated later than a day after their file landed are errors, not the end of the data.
{% set given = as_of_date() %}
{% if given %}

select {{ given }} as as_of_date

{% else %}

with

transactions as (

    select
        {{ business_date('event_at') }} as event_date,
        {{ business_date('coalesce(recorded_at, event_at)') }} as recorded_on,
        {{ business_date('landed_at') }} as landed_on

    from {{ ref('stg_raw__transactions') }}

)

select coalesce(max(greatest(event_date, recorded_on)), date '1990-01-01') as as_of_date

from transactions

where
    event_date <= {{ add_days('landed_on', 1) }}
    and recorded_on <= {{ add_days('landed_on', 1) }}

{% endif %}
