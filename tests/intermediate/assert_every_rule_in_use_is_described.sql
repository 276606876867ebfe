-- Every rule that rejected a row is a row of policy_data_rules, with severity Q.

select distinct
    rejected.source_table,
    rejected.rule_id

from {{ ref('rejected_rows') }} as rejected
left join {{ ref('policy_data_rules') }} as rules
    on
        rejected.rule_id = rules.rule_id
        and rules.source_table in (rejected.source_table, 'any')
        and rules.severity = 'Q'

where rules.rule_id is null
