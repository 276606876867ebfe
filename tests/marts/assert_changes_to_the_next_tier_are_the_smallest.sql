-- With its change a component brings the composite score to the cut of the next tier, with 0.0001 less it does not.

with

sums as (

    select
        reasons.*,
        case next_tier when 'high' then high_from else medium_from end as cut,
        sum(case when is_present then weight end) over (partition by customer_id) as present_weight,
        sum(weight * score) over (partition by customer_id) as weighted_score

    from {{ ref('customer_tier_reasons') }} as reasons

),

tried as (

    select
        sums.*,
        {{ ratio('(weighted_score + weight * change_to_next)', 'present_weight', 4, decimals=8) }} as score_with,
        {{ ratio('(weighted_score + weight * (change_to_next - 0.0001))', 'present_weight', 4, decimals=8) }} as score_with_less,
        {{ ratio('(weighted_score + weight * (100 - score))', 'present_weight', 4, decimals=8) }} as score_with_all

    from sums

    where is_present and score_gap_to_next > 0

)

select
    customer_id,
    component,
    change_to_next,
    cut,
    score_with,
    score_with_less,
    score_with_all

from tried

where
    score_with < cut
    or score_with_less >= cut
    or (change_to_next is null and score_with_all >= cut)
    or (change_to_next is not null and score + change_to_next > 100)
