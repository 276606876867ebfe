-- One row per review date and line of business ('group' for all lines): the cut points in force, side by side.
-- Measures where less is better carry sign -1, and their bounds are turned with it: "at least the bound" then holds for all.
{% set measures = ['recency', 'frequency', 'monetary'] %}

select
    {%- for measure in measures %}
    max(case when cuts.measure = '{{ measure }}' then case measures.direction when 'lower_is_better' then -1 else 1 end end)
        as {{ measure }}_sign,
    {%- for score in [2, 3, 4, 5] %}
    max(
        case
            when cuts.measure = '{{ measure }}' and cuts.score = {{ score }}
                then cuts.bound * case measures.direction when 'lower_is_better' then -1 else 1 end
        end
    ) as {{ measure }}_bound_{{ score }},
    {%- endfor %}
    {%- endfor %}
    review_dates.as_of_date,
    cuts.lob

from {{ ref('int_review_dates') }} as review_dates
inner join {{ ref('policy_rfm_cuts') }} as cuts
    on {{ in_force('cuts', 'review_dates.as_of_date') }}
inner join {{ ref('policy_rfm_measures') }} as measures
    on cuts.measure = measures.measure and {{ in_force('measures', 'review_dates.as_of_date') }}

group by review_dates.as_of_date, cuts.lob
