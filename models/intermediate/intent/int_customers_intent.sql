-- One row per review date and graded customer: the intention to buy, and what it leads one to expect.

with

described as (

    select
        reviews.as_of_date,
        reviews.customer_key,
        levels.intent_level,
        coalesce(levels.intent_reason, 'nothing') as intent_reason,
        levels.intent_score,
        grades.level_order,
        grades.conversion_probability as assumed_probability,
        grades.purchase_window,
        policy.min_leads,
        case when grades.conversion_probability is not null then coalesce(conversions.lead_count, 0) end as lead_count,
        conversions.converted_count,
        horizons.horizon_date,
        sales_grades.sales_grade,
        sales_grades.level_order as sales_order,
        sales_grades.sales_grade_date,
        projects.top_project_id,
        scores.last_intent_date

    from {{ ref('int_customer_reviews') }} as reviews
    inner join {{ ref('int_intent_policy_in_force') }} as policy
        on reviews.as_of_date = policy.as_of_date
    left join {{ ref('int_intent_levels') }} as levels
        on reviews.as_of_date = levels.as_of_date and reviews.customer_key = levels.customer_key
    left join {{ ref('int_intent_grades_in_force') }} as grades
        on levels.as_of_date = grades.as_of_date and levels.intent_level = grades.intent_level
    left join {{ ref('int_intent_conversions') }} as conversions
        on levels.as_of_date = conversions.as_of_date and levels.intent_level = conversions.intent_level
    left join {{ ref('int_intent_horizons') }} as horizons
        on reviews.as_of_date = horizons.as_of_date and reviews.customer_key = horizons.customer_key
    left join {{ ref('int_intent_sales_grades') }} as sales_grades
        on reviews.as_of_date = sales_grades.as_of_date and reviews.customer_key = sales_grades.customer_key
    left join {{ ref('int_intent_projects') }} as projects
        on reviews.as_of_date = projects.as_of_date and reviews.customer_key = projects.customer_key
    left join {{ ref('int_intent_scores') }} as scores
        on reviews.as_of_date = scores.as_of_date and reviews.customer_key = scores.customer_key

    where reviews.is_scoreable

)

select
    as_of_date,
    customer_key,
    intent_level,
    intent_reason,
    case when lead_count >= min_leads then 'observed' when lead_count is not null then 'policy' end as probability_source,
    case
        when horizon_date <= {{ add_months('as_of_date', 1) }} then 'within_1m'
        when horizon_date <= {{ add_months('as_of_date', 3) }} then 'within_3m'
        when horizon_date <= {{ add_months('as_of_date', 6) }} then 'within_6m'
        when horizon_date is not null then 'over_6m'
        else purchase_window
    end as expected_purchase_window,
    case when horizon_date is not null then 'declared' when intent_level is not null then 'level' end as window_source,
    sales_grade,
    case
        when sales_order < level_order then 'sales_higher'
        when sales_order > level_order then 'sales_lower'
        when sales_order = level_order then 'same'
    end as grade_agreement,
    top_project_id,
    intent_score,
    case
        when lead_count >= min_leads then {{ ratio('converted_count', 'lead_count', 4, decimals=0) }}
        else assumed_probability
    end as conversion_probability,
    lead_count,
    last_intent_date,
    sales_grade_date

from described
