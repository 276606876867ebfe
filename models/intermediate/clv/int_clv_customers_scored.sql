-- One row per review date and graded customer who holds a line: band and score of the lifetime value.

with

cuts as (

    select
        review_dates.as_of_date,
        cuts.customer_type,
        cuts.measure,
        cuts.lower_bound,
        cuts.score,
        cuts.clv_band,
        lead(cuts.lower_bound) over (
            partition by review_dates.as_of_date, cuts.customer_type order by cuts.lower_bound
        ) as next_bound,
        lead(cuts.score) over (partition by review_dates.as_of_date, cuts.customer_type order by cuts.lower_bound) as next_score,
        row_number() over (partition by review_dates.as_of_date, cuts.customer_type order by cuts.lower_bound) as cut_number

    from {{ ref('int_review_dates') }} as review_dates
    inner join {{ ref('policy_clv_cuts') }} as cuts
        on {{ in_force('cuts', 'review_dates.as_of_date') }}

),

ranked as (

    select
        customers.as_of_date,
        customers.customer_key,
        customers.customer_type,
        customers.basis_amount,
        rank() over (
            partition by customers.as_of_date, customers.customer_type order by customers.basis_amount
        ) - 1 as worse_customers,
        greatest(count(*) over (partition by customers.as_of_date, customers.customer_type) - 1, 1) as other_customers

    from {{ ref('int_clv_customers') }} as customers

    where customers.holds_a_line

),

-- The value as a fraction: an amount over 1, or a rank over the others.
measured as (

    select
        ranked.as_of_date,
        ranked.customer_key,
        cuts.clv_band,
        cuts.score,
        cuts.next_score,
        cuts.next_bound,
        cuts.lower_bound,
        cuts.cut_number,
        case cuts.measure when 'percent_rank' then ranked.worse_customers else ranked.basis_amount end as numerator,
        case cuts.measure when 'percent_rank' then ranked.other_customers else 1 end as denominator

    from ranked
    inner join cuts
        on ranked.as_of_date = cuts.as_of_date and ranked.customer_type = cuts.customer_type

)

select
    as_of_date,
    customer_key,
    clv_band,
    cast(
        case
            when next_bound is null or numerator <= lower_bound * denominator then score
            else score + {{ ratio(
                '(numerator - lower_bound * denominator) * (next_score - score)', '(next_bound - lower_bound) * denominator', 4, decimals=8
            ) }}
        end as decimal(9, 4)
    ) as clv_score

from measured

-- The one stretch between two cuts that the value lies in: the first also for values below it, the last also for those above.
where
    (numerator >= lower_bound * denominator or cut_number = 1)
    and (numerator < next_bound * denominator or next_bound is null)
