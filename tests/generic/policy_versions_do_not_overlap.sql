{# No two rows of one key and scenario are in force on the same day. #}
{% test policy_versions_do_not_overlap(model, key_columns) %}

select
    earlier.scenario_id,
    {% for key in key_columns %}earlier.{{ key }},
    {% endfor %}
    later.effective_from

from {{ model }} as earlier
inner join {{ model }} as later
    on
        earlier.scenario_id = later.scenario_id
        {%- for key in key_columns %}
        and earlier.{{ key }} = later.{{ key }}
        {%- endfor %}
        and (
            earlier.effective_from < later.effective_from
            or (earlier.effective_from = later.effective_from and earlier.policy_version < later.policy_version)
        )

where earlier.effective_to is null or later.effective_from < earlier.effective_to

{% endtest %}
