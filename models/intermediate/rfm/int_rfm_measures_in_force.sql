-- One row per review date: weight, mode and least population of the three measures, side by side.

select
    {%- for measure in ['recency', 'frequency', 'monetary'] %}
    max(case when measures.measure = '{{ measure }}' then measures.mode end) as {{ measure }}_mode,
    max(case when measures.measure = '{{ measure }}' then measures.weight end) as {{ measure }}_weight,
    max(case when measures.measure = '{{ measure }}' then measures.min_population end) as {{ measure }}_min_population,
    {%- endfor %}
    review_dates.as_of_date

from {{ ref('int_review_dates') }} as review_dates
inner join {{ ref('policy_rfm_measures') }} as measures
    on {{ in_force('measures', 'review_dates.as_of_date') }}

group by review_dates.as_of_date
