{# The review date given on the command line, as a date literal, or none. #}
{% macro as_of_date() -%}
    {%- set given = var('as_of_date') -%}
    {%- if given is none -%}{{ return(none) }}{%- endif -%}
    {%- if not modules.re.match('^[0-9]{4}-[0-9]{2}-[0-9]{2}$', given | string) -%}
        {{ exceptions.raise_compiler_error("var as_of_date: expected YYYY-MM-DD, got '" ~ given ~ "'") }}
    {%- endif -%}
    {{ return("cast('" ~ given ~ "' as date)") }}
{%- endmacro %}

{# The zone whose calendar decides on which day something happened. #}
{% macro business_tz() -%}{{ return(checked_var('business_tz', '^[A-Za-z0-9_+/-]+$')) }}{%- endmacro %}

{# A var as text, refused unless it matches: vars end up inside SQL. #}
{% macro checked_var(name, pattern) -%}
    {%- set value = var(name) | string -%}
    {%- if not modules.re.match(pattern, value) -%}
        {{ exceptions.raise_compiler_error("var " ~ name ~ ": '" ~ value ~ "' does not match " ~ pattern) }}
    {%- endif -%}
    {{ return(value) }}
{%- endmacro %}
{# Was this recorded after knowledge_cutoff? Never, where no cutoff is set. #}
{% macro is_hidden_by_cutoff(recorded_at) -%}
    {%- if var('knowledge_cutoff') is none -%}
        false
    {%- else -%}
        {{ recorded_at }} > timestamp '{{ checked_var("knowledge_cutoff", "^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2})?$") }}'
    {%- endif -%}
{%- endmacro %}

{# Is the date shown in the marts? Reviews that are graded only because later tiers rest on them are not. #}
{% macro is_shown(as_of_date) -%}
    {{ as_of_date }} in (select shown.as_of_date from {{ ref('review_dates') }} as shown)
{%- endmacro %}
