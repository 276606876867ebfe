-- One row per knowledge date, line, purchase model and kind of cell: all that the likelihood needs to know about the customers.
-- Kind `group`: customers with the same purchases x, chances to leave j, recency and age. Kind `above`: how many customers have x, and j,
-- above a whole number, which stands in column x.

with

models as (

    select
        'bg_nbd' as model,
        0 as first_chances
    union all
    select
        'mbg_nbd' as model,
        1 as first_chances

),

groups as (

    select
        purchases.as_of_date,
        purchases.lob,
        models.model,
        purchases.repeat_purchases as x,
        purchases.repeat_purchases + models.first_chances as j,
        purchases.recency_days as recency,
        purchases.age_days as age,
        count(*) as customers

    from {{ ref('int_clv_purchases') }} as purchases
    cross join models

    group by
        purchases.as_of_date,
        purchases.lob,
        models.model,
        purchases.repeat_purchases,
        models.first_chances,
        purchases.recency_days,
        purchases.age_days

),

counts as (

    select
        as_of_date,
        lob,
        model,
        x,
        j,
        sum(customers) as customers

    from groups

    group by as_of_date, lob, model, x, j

),

numbers as (

    select {{ days_between("date '1990-01-01'", 'calendar_date') }} as number

    from {{ ref('int_calendar') }}

)

select
    as_of_date,
    lob,
    model,
    'group' as kind,
    x,
    j,
    recency,
    age,
    customers,
    0 as customers_j

from groups

union all

select
    counts.as_of_date,
    counts.lob,
    counts.model,
    'above' as kind,
    numbers.number as x,
    0 as j,
    0 as recency,
    0 as age,
    cast(sum(case when counts.x > numbers.number then counts.customers else 0 end) as bigint) as customers,
    cast(sum(counts.customers) as bigint) as customers_j

from counts
inner join numbers
    on counts.j > numbers.number

group by counts.as_of_date, counts.lob, counts.model, numbers.number
