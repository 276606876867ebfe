-- One row per knowledge date, graded customer, line bought again now and then, and purchase date: until the next one, or until now.

with

occasions as (

    select distinct
        lobs.as_of_date,
        lobs.prediction,
        occasions.customer_key,
        occasions.lob,
        occasions.occasion_date

    from {{ ref('int_occasions') }} as occasions
    inner join {{ ref('int_clv_lines_in_force') }} as lobs
        on
            occasions.lob = lobs.lob
            and occasions.seen_from <= lobs.as_of_date
            and (occasions.seen_until is null or lobs.as_of_date < occasions.seen_until)

),

firsts as (

    select
        as_of_date,
        customer_key,
        lob,
        min(occasion_date) as first_date

    from occasions

    group by as_of_date, customer_key, lob

),

spells as (

    select
        occasions.as_of_date,
        occasions.customer_key,
        occasions.lob,
        occasions.occasion_date as purchase_date,
        lead(occasions.occasion_date) over (
            partition by occasions.as_of_date, occasions.customer_key, occasions.lob order by occasions.occasion_date
        ) as next_purchase_date

    from occasions

    where occasions.prediction = 'repurchase'

)

select
    spells.as_of_date,
    spells.customer_key,
    spells.lob,
    spells.purchase_date,
    spells.next_purchase_date,
    min(firsts.first_date) as other_line_date

from spells
inner join {{ ref('int_customers_judged') }} as customers
    on spells.as_of_date = customers.as_of_date and spells.customer_key = customers.customer_key and customers.is_scoreable
left join firsts
    on
        spells.as_of_date = firsts.as_of_date
        and spells.customer_key = firsts.customer_key
        and spells.lob <> firsts.lob

group by spells.as_of_date, spells.customer_key, spells.lob, spells.purchase_date, spells.next_purchase_date
