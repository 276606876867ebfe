-- One row per review date and graded customer who lacks a component that counts: their names, in the order of the policy's list.

with

counted as (

    select
        weights.as_of_date,
        {%- for component in tier_components() %}
        max(case when weights.component = '{{ component }}' then 1 else 0 end) as counts_{{ component }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}

    from {{ ref('int_tier_weights_in_force') }} as weights

    group by weights.as_of_date

),

present as (

    select
        components.as_of_date,
        components.customer_key,
        {%- for component in tier_components() %}
        max(case when components.component = '{{ component }}' then 1 else 0 end) as has_{{ component }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}

    from {{ ref('int_tier_components') }} as components

    group by components.as_of_date, components.customer_key

),

listed as (

    select
        reviews.as_of_date,
        reviews.customer_key,
        {%- for component in tier_components() %}
        case when counted.counts_{{ component }} > coalesce(present.has_{{ component }}, 0) then ', {{ component }}' else '' end
        {%- if not loop.last %} ||{% endif %}
        {%- endfor %} as names

    from {{ ref('int_customer_reviews') }} as reviews
    inner join counted
        on reviews.as_of_date = counted.as_of_date
    left join present
        on reviews.as_of_date = present.as_of_date and reviews.customer_key = present.customer_key

    where reviews.is_scoreable

)

select
    as_of_date,
    customer_key,
    substring(names, 3) as absent_components

from listed

where names <> ''
