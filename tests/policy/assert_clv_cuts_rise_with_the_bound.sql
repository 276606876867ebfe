-- Of two cuts of a customer type in force together, the higher bound never earns a lower score or band; both are of one measure.

with

cuts as (

    select
        policy.*,
        {{ policy_row('policy_clv_cuts', 'policy', ['customer_type', 'lower_bound']) }} as policy_row,
        case policy.clv_band when 'low' then 1 when 'mid' then 2 when 'high' then 3 end as band_rank

    from {{ ref('policy_clv_cuts') }} as policy

    where policy.scenario_id = '{{ scenario() }}'

)

select
    lower_cut.policy_row || 'the cut at ' || {{ shown('higher_cut.lower_bound') }}
    || ' is higher but gives a lower score or band, or is of another measure; put them in order.' as problem

from cuts as lower_cut
inner join cuts as higher_cut
    on
        lower_cut.customer_type = higher_cut.customer_type
        and (higher_cut.effective_to is null or lower_cut.effective_from < higher_cut.effective_to)
        and (lower_cut.effective_to is null or higher_cut.effective_from < lower_cut.effective_to)
        and lower_cut.lower_bound < higher_cut.lower_bound

where
    lower_cut.score > higher_cut.score
    or coalesce(lower_cut.band_rank > higher_cut.band_rank, true)
    or lower_cut.measure <> higher_cut.measure
