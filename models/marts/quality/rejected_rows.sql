-- One row per delivered row that was set aside: where it is, and the rule it broke. Its content stays in landing.

with

rejected as (

    select
        source_table,
        _file,
        _line,
        record_key,
        rejected_by as rule_id

    from {{ ref('int_rows_judged') }}

    where fate = 'rejected'

    union all

    select
        source_table,
        _file,
        _line,
        null as record_key,
        rule_id

    from {{ ref('int_rejected_lines') }}

)

select
    rejected.source_table,
    rejected._file as file,
    rejected._line as line,
    -- A key that is no key could be anything, a name or a number included.
    case when length(rejected.record_key) <= 64 then rejected.record_key end as record_key,
    rejected.rule_id,
    rules.description as rule_description

from rejected
left join {{ ref('policy_data_rules') }} as rules
    on rejected.rule_id = rules.rule_id and rules.source_table in (rejected.source_table, 'any')
