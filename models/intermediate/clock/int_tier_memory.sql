-- One row: the month after which reviews are graded, shown or not, so that the tiers of the shown dates know what they rest on.

with

holds as (

    select policy.margin_hold_months as hold_months from {{ ref('policy_tiers') }} as policy

    where {{ of_scenario('policy') }}

    union all

    select policy.hold_months from {{ ref('policy_tier_rules') }} as policy

    where {{ of_scenario('policy') }}

),

-- What is kept longest. The review before is asked for in any case.
memory as (

    select greatest(coalesce(max(hold_months), 0), 1) as memory_months from holds

),

earliest as (

    select min(as_of_date) as shown_from from {{ ref('int_shown_dates') }}

),

-- The dates whose tier is looked at: those shown, and those at which a freeze begins that some shown date may see.
needed as (

    select shown_from as needed_on from earliest

    union all

    select freezes.valid_from as needed_on

    from {{ ref('int_tier_freezes') }} as freezes
    inner join earliest
        on freezes.valid_to > earliest.shown_from

),

first_needed as (

    select min(needed_on) as needed_on from needed

),

last_reviews as (

    select
        reviews.month_number,
        reviews.previous_month_number,
        row_number() over (order by reviews.review_date desc) as reviews_back

    from {{ ref('int_review_calendar') }} as reviews
    inner join first_needed
        on reviews.review_date <= first_needed.needed_on

)

select coalesce(last_reviews.previous_month_number, last_reviews.month_number) - memory.memory_months as after_month_number

from last_reviews
cross join memory

where last_reviews.reviews_back = 1
