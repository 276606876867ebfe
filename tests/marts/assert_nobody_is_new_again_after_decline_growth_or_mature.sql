-- Who was past being new is not new at a later review with the same first purchase date. A line first bought on that day that became
-- known in between may have more new_days, and so may a new policy.

with

steps as (

    select
        history.customer_id,
        history.as_of_date,
        history.first_purchase_date,
        earlier.lifecycle_stage as earlier_stage,
        earlier.as_of_date as earlier_date

    from {{ ref('customer_lifecycle_history') }} as history
    inner join {{ ref('customer_lifecycle_history') }} as earlier
        on
            history.customer_id = earlier.customer_id
            and history.first_purchase_date = earlier.first_purchase_date
            and earlier.as_of_date < history.as_of_date

    where history.lifecycle_stage = 'new' and earlier.lifecycle_stage in ('decline', 'growth', 'mature')

),

excused as (

    select
        steps.customer_id,
        steps.as_of_date,
        steps.earlier_date

    from steps
    inner join {{ ref('customer_rfm_lines_history') }} as lines
        on
            steps.customer_id = lines.customer_id
            and steps.as_of_date = lines.as_of_date
            and steps.first_purchase_date = lines.first_purchase_date
    left join {{ ref('customer_rfm_lines_history') }} as earlier_lines
        on
            lines.customer_id = earlier_lines.customer_id
            and lines.lob = earlier_lines.lob
            and lines.first_purchase_date = earlier_lines.first_purchase_date
            and steps.earlier_date = earlier_lines.as_of_date

    where earlier_lines.lob is null

    union

    select
        steps.customer_id,
        steps.as_of_date,
        steps.earlier_date

    from steps
    inner join {{ ref('policy_lobs') }} as lobs
        on {{ in_force('lobs', 'steps.as_of_date') }} and lobs.effective_from > steps.earlier_date

)

select
    steps.customer_id,
    steps.earlier_date,
    steps.earlier_stage,
    steps.as_of_date

from steps
left join excused
    on steps.customer_id = excused.customer_id and steps.as_of_date = excused.as_of_date and steps.earlier_date = excused.earlier_date

where excused.customer_id is null
