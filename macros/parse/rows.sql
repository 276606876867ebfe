{# Delivered columns, each normalised as text and under its own name. #}
{% macro parse_texts(columns) -%}
    {%- for column in columns %}
    {{ parse_text(adapter.quote(column)) }} as {{ column }}
    {%- if not loop.last %},{% endif %}
    {%- endfor %}
{%- endmacro %}

{# md5 over the columns of a row: equal rows, and only those, have equal hashes. #}
{% macro row_hash(columns) -%}
    md5(
        {%- for column in columns %}
        coalesce(cast({{ column }} as {{ type_text() }}), chr(30)) || chr(31)
        {%- if not loop.last %} ||{% endif %}
        {%- endfor %}
    )
{%- endmacro %}

{# The rule ids whose condition holds, each followed by a semicolon; empty text when none does. #}
{% macro broken_rules(rules) -%}
    {%- for rule, condition in rules.items() %}
    case when {{ condition }} then '{{ rule }};' else '' end
    {%- if not loop.last %} ||{% endif %}
    {%- endfor %}
{%- endmacro %}

{# The first rule whose condition holds; null when none does. #}
{% macro first_broken_rule(rules) -%}
    case
        {%- for rule, condition in rules.items() %}
        when {{ condition }} then '{{ rule }}'
        {%- endfor %}
    end
{%- endmacro %}

{# Delivered more than once under one key: every row of a key whose content differs ('conflict'),
   and all but the first row, by file and line, of a key whose content is equal ('repeat').
   The content is compared as it was read: 100 and 100.00 are the same amount.
   What has a state is delivered again when it changes: with a `version_column` only rows that are equal in it, too, are in conflict. #}
{% macro repeated_rows(relation, key_columns, content_columns, version_column=none) -%}
{%- set version_columns = key_columns + ([version_column] if version_column else []) %}
with

repeated_keys as (

    select {{ key_columns | join(', ') }}

    from {{ relation }}

    where {{ key_columns[-1] }} is not null

    group by {{ key_columns | join(', ') }}

    having count(*) > 1

),

repeated_rows as (

    select
        delivered._file,
        delivered._line,
        {%- for key in key_columns %}
        delivered.{{ key }},
        {%- endfor %}
        {%- if version_column %}
        delivered.{{ version_column }},
        {%- endif %}
        {{ row_hash(content_columns) }} as row_hash

    from {{ relation }} as delivered
    inner join repeated_keys
        on
            {%- for key in key_columns %}
            {{ 'and ' if not loop.first }}delivered.{{ key }} = repeated_keys.{{ key }}
            {%- endfor %}

),

compared as (

    select
        _file,
        _line,
        row_number() over (partition by {{ key_columns | join(', ') }}, row_hash order by _file, _line) as copy_number,
        min(row_hash) over (partition by {{ version_columns | join(', ') }}) as least_hash,
        max(row_hash) over (partition by {{ version_columns | join(', ') }}) as greatest_hash

    from repeated_rows

)

select
    _file,
    _line,
    case when least_hash <> greatest_hash then 'conflict' else 'repeat' end as verdict

from compared

where least_hash <> greatest_hash or copy_number > 1
{%- endmacro %}

{# The raw tables that staging reads: the others are landed and wait for their models. #}
{% macro read_tables() -%}
    ('customers', 'products', 'contracts', 'transactions', 'fx_rates', 'surveys', 'complaints', 'complaint_events', 'interactions',
     'referrals', 'energy_readings', 'weather', 'tier_overrides', 'expert_scores', 'points_events', 'customer_identity')
{%- endmacro %}

{# Does any of these columns hold a value that could not be read: text delivered, nothing typed? #}
{% macro any_unreadable(columns) -%}
    {%- for column in columns %}
    {{ 'or ' if not loop.first }}({{ column }} is null and {{ column }}_text is not null)
    {%- endfor %}
{%- endmacro %}

{# From which date on a later version of the same thing is seen: columns `seen_from` and `recorded_at` of its versions. #}
{% macro replaced_from(key_columns) -%}
    min(seen_from) over (
        partition by {{ key_columns | join(', ') }} order by recorded_at nulls first rows between 1 following and unbounded following
    )
{%- endmacro %}
