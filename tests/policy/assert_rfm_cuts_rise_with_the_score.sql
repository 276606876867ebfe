-- A higher score never has an easier bound (for recency: a longer one).

select
    {{ policy_row('policy_rfm_cuts', 'lower_cut', ['lob', 'measure', 'score']) }} || 'its bound ' || {{ shown('lower_cut.bound') }}
    || ' is not easier to reach than that of score ' || {{ shown('higher_cut.score') }} || ', '
    || {{ shown('higher_cut.bound') }} || '; put the bounds in order.' as problem

from {{ ref('policy_rfm_cuts') }} as lower_cut
inner join {{ ref('policy_rfm_cuts') }} as higher_cut
    on
        lower_cut.scenario_id = higher_cut.scenario_id
        and (higher_cut.effective_to is null or lower_cut.effective_from < higher_cut.effective_to)
        and (lower_cut.effective_to is null or higher_cut.effective_from < lower_cut.effective_to)
        and lower_cut.lob = higher_cut.lob
        and lower_cut.measure = higher_cut.measure
        and lower_cut.score < higher_cut.score
inner join {{ ref('policy_rfm_measures') }} as measures
    on
        lower_cut.measure = measures.measure
        and lower_cut.scenario_id = measures.scenario_id
        and (measures.effective_to is null or lower_cut.effective_from < measures.effective_to)
        and (lower_cut.effective_to is null or measures.effective_from < lower_cut.effective_to)

where
    lower_cut.scenario_id = '{{ scenario() }}'
    and (
        (measures.direction = 'lower_is_better' and lower_cut.bound <= higher_cut.bound)
        or (measures.direction = 'higher_is_better' and lower_cut.bound >= higher_cut.bound)
    )
