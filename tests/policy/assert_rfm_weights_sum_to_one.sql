-- On every day on which the policy changes, the weights of recency, frequency and value in force sum to 1.

with

change_days as (

    {{ policy_change_days(['policy_rfm_measures']) }}

)

select
    'policy_rfm_measures.csv: on ' || {{ shown('change_days.change_day') }} || ' the weights in force sum to '
    || {{ shown('coalesce(sum(policy.weight), 0)') }} || ', not to 1; change the rows of that day so that they do.' as problem

from change_days
left join {{ ref('policy_rfm_measures') }} as policy
    on {{ in_force('policy', 'change_days.change_day') }}

group by change_days.change_day

having coalesce(sum(policy.weight), 0) <> 1
