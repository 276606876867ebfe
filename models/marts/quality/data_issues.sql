-- One row per accepted row and rule noted about it: what was mended (F) or only looks odd (W).

select
    judged.source_table,
    judged._file as file,
    judged._line as line,
    judged.record_key,
    rules.rule_id,
    rules.severity,
    rules.description as rule_description

from {{ ref('int_rows_judged') }} as judged
inner join {{ ref('policy_data_rules') }} as rules
    on
        judged.source_table = rules.source_table
        and ';' || judged.noted_rules like '%;' || rules.rule_id || ';%'

where judged.fate = 'accepted' and judged.noted_rules <> ''
