-- One row per review date and counted answer that names a sale of its customer known by then: the line and category of that sale.

with

named as (

    select
        answers.as_of_date,
        answers.source_system,
        answers.response_id,
        sales.lob,
        sales.category,
        row_number() over (
            partition by answers.as_of_date, answers.source_system, answers.response_id
            order by case when sales.source_system = answers.source_system then 0 else 1 end, sales.source_system
        ) as sale_number

    from {{ ref('int_survey_answers_weighted') }} as answers
    inner join {{ ref('int_transactions_valued') }} as sales
        on answers.customer_key = sales.customer_key and answers.txn_id = sales.txn_id
    inner join {{ ref('int_calendar') }} as calendar
        on sales.known_on = calendar.calendar_date and calendar.first_knowledge_date <= answers.as_of_date

    where
        answers.is_counted
        and sales.fate = 'accepted'
        and sales.txn_role = 'sale'
        and not sales.is_hidden

)

select
    as_of_date,
    source_system,
    response_id,
    lob,
    category

from named

where sale_number = 1
