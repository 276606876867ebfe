-- One row per graded date and customer known by then: the tier that rules, earlier reviews and lifts come to, and why it is that one.
-- Only the as-of date can lie between reviews; then the review before it is the graded date before it.

with

levels as (

    select
        levels.as_of_date,
        levels.customer_key,
        levels.level,
        levels.is_first,
        levels.kept_by,
        lifts.lifted_by,
        case when lifts.lifted_by is not null and not levels.is_first then least(2, levels.level + 1) else levels.level end
            as lifted_level

    from {{ ref('int_tier_levels') }} as levels
    left join {{ ref('int_tier_lifts') }} as lifts
        on levels.as_of_date = lifts.as_of_date and levels.customer_key = lifts.customer_key

),

matched as (

    select
        rules.as_of_date,
        rules.customer_key,
        rules.rule_path,
        rules.rule_tier,
        rules.rule_level,
        dates.is_review,
        dates.previous_as_of_date,
        lifts.lifted_by

    from {{ ref('int_tier_rules_matched') }} as rules
    inner join {{ ref('int_review_dates') }} as dates
        on rules.as_of_date = dates.as_of_date
    left join {{ ref('int_tier_lifts') }} as lifts
        on rules.as_of_date = lifts.as_of_date and rules.customer_key = lifts.customer_key

),

-- Without the lift of the date itself, and with it.
states as (

    select
        matched.as_of_date,
        matched.customer_key,
        matched.rule_path,
        matched.rule_tier,
        matched.rule_level,
        matched.is_review,
        matched.lifted_by,
        here.kept_by,
        coalesce(case when matched.is_review then not here.is_first else before.level is not null end, false) as had_a_level,
        case when matched.is_review then here.level else before.lifted_level end as unlifted_level,
        case
            when matched.is_review then here.lifted_level
            when matched.lifted_by is not null then least(2, greatest(before.lifted_level, before.level + 1))
            else before.lifted_level
        end as lifted_level

    from matched
    left join levels as here
        on matched.as_of_date = here.as_of_date and matched.customer_key = here.customer_key
    left join levels as before
        on matched.previous_as_of_date = before.as_of_date and matched.customer_key = before.customer_key

),

computed as (

    select
        states.*,
        case when rule_level is null then null when had_a_level then lifted_level else rule_level end as computed_level

    from states

)

select
    as_of_date,
    customer_key,
    case when rule_level is null then rule_tier else case computed_level when 2 then 'high' when 1 then 'medium' else 'low' end end
        as computed_tier,
    computed_level,
    case
        when rule_level is null then rule_path
        when not had_a_level then 'INITIAL'
        when lifted_level > unlifted_level then lifted_by
        when not is_review and rule_level > computed_level then 'WAITS_FOR_REVIEW'
        when not is_review and rule_level < computed_level then 'HELD_UNTIL_REVIEW'
        when is_review and computed_level > rule_level then kept_by
        else 'EARNED'
    end as reason

from computed
