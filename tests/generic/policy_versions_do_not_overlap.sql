{# The rows of one key follow on one another: no two are in force on one day, and none is missing between two (unless the key
   `may_pause`). A key is whole, and each row begins before it ends. Only rows of the scenario of this run. #}
{% test policy_versions_do_not_overlap(model, key_columns, may_pause=false) %}

with

versions as (

    select
        policy.*,
        {{ policy_row(model.identifier, 'policy', key_columns) }} as policy_row,
        lead(policy.effective_from) over (
            partition by policy.scenario_id{% for key in key_columns %}, policy.{{ key }}{% endfor %}
            order by policy.effective_from, policy.effective_to, policy.policy_version
        ) as next_from

    from {{ model }} as policy

    where policy.scenario_id = '{{ scenario() }}'

),

problems as (

    select
        case
            when effective_from is null
                then policy_row || 'effective_from is empty; write the first day on which the row is in force (1990-01-01: always).'
            {%- for key in key_columns %}
            when {{ key }} is null then policy_row || '{{ key }} is empty.'
            {%- endfor %}
            when effective_to <= effective_from
                then policy_row || 'effective_to ' || {{ shown('effective_to') }}
                    || ' is not after effective_from; the row would never be in force. effective_to is the first day without it.'
            when next_from = effective_from
                then policy_row || 'two rows for the same thing begin on this day; keep one.'
            when next_from < effective_to or (next_from is not null and effective_to is null)
                then policy_row || 'still in force on ' || {{ shown('next_from') }}
                    || ', when the next row begins; end it by effective_to ' || {{ shown('next_from') }} || '.'
            {%- if not may_pause %}
            when effective_to < next_from
                then policy_row || 'ends on ' || {{ shown('effective_to') }} || ', but the next row begins on '
                    || {{ shown('next_from') }} || '; nothing is in force between: let one begin when the other ends.'
            {%- endif %}
        end as problem

    from versions

)

select problem from problems

where problem is not null

{% endtest %}
