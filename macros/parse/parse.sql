{# Delivered text, normalised: see fold_text; the usual spellings of "nothing" become null.
   Written as a simple case: DuckDB turns a long IN list into a join that runs even where the column is not asked for. #}
{% macro parse_text(column) -%}
    {%- set nothings = ['', '-', '--', '—', 'N/A', 'n/a', 'NULL', 'Null', 'null', 'None', 'none', 'NaN', 'nan', 'NaT'] -%}
    case {{ fold_text(column) }}
        {%- for nothing in nothings %}
        when '{{ nothing }}' then null
        {%- endfor %}
        else {{ fold_text(column) }}
    end
{%- endmacro %}

{# A date as YYYY-MM-DD text: YYYY-MM-DD and YYYYMMDD in every file, else in the declared order (column _date_order).
   Null where it has another shape. #}
{% macro iso_date_text(text) -%}
    case
        when {{ matches(text, '^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$') }} then {{ text }}
        when _date_order = 'ymd' and {{ matches(text, '^[0-9]{4}[/.][0-9]{1,2}[/.][0-9]{1,2}$') }}
            then {{ replace_all(text, '[/.]', '-') }}
        when {{ matches(text, '^[0-9]{8}$') }}
            then {{ replace_all(text, '^([0-9]{4})([0-9]{2})([0-9]{2})$', '@1-@2-@3') }}
        when _date_order = 'dmy' and {{ matches(text, '^[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}$') }}
            then {{ replace_all(text, '^([0-9]+)[-/.]([0-9]+)[-/.]([0-9]{4})$', '@3-@2-@1') }}
        when _date_order = 'mdy' and {{ matches(text, '^[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}$') }}
            then {{ replace_all(text, '^([0-9]+)[-/.]([0-9]+)[-/.]([0-9]{4})$', '@3-@1-@2') }}
    end
{%- endmacro %}

{# A date; a time of day behind it is ignored. Null where the text is no date in the declared order.
   The common spelling is tried first, here and below: it is nearly every row. #}
{% macro parse_date(text) -%}
    case
        when {{ matches(text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}$') }} then {{ try_cast(text, 'date') }}
        else {{ try_cast(iso_date_text("split_part(split_part(" ~ text ~ ", ' ', 1), 'T', 1)"), 'date') }}
    end
{%- endmacro %}

{# A moment, in UTC. Text with an offset says it itself; text without one is read in the declared zone (column _timezone).
   Null where the text is neither. #}
{% macro parse_timestamp(text) -%}
    case
        when {{ matches(text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}(:?[0-9]{2})?)$') }}
            then {{ offset_text_to_utc(text) }}
        when length({{ text }}) = 19 and {{ matches(text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}$') }}
            then {{ zone_to_utc(try_cast(text, 'timestamp'), '_timezone') }}
        when {{ matches(text, '^[0-9./-]{8,10}[ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)? ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)$') }}
            then {{ offset_text_to_utc(
                iso_date_text("split_part(split_part(" ~ text ~ ", ' ', 1), 'T', 1)")
                ~ " || ' ' || replace(" ~ replace_all(text, '^[0-9./-]+[ T]', '') ~ ", ' ', '')"
            ) }}
        when {{ matches(text, '^[0-9./-]{8,10}([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?)?$') }}
            then {{ zone_to_utc(
                try_cast(
                    iso_date_text("split_part(split_part(" ~ text ~ ", ' ', 1), 'T', 1)")
                    ~ " || ' ' || coalesce(nullif(split_part(replace(" ~ text ~ ", 'T', ' '), ' ', 2), ''), '00:00')",
                    'timestamp'
                ),
                '_timezone'
            ) }}
    end
{%- endmacro %}

{# A plain number: digits with optional sign and one decimal point. #}
{% macro is_plain_number(text) -%}
    {{ matches(text, '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)$') }}
{%- endmacro %}

{# Money as people write it: currency sign, thousands separators, (12.00) for a negative; null where it is neither. #}
{% macro clean_money_text(text) -%}
    {%- set digits = '([0-9]{1,3}(,[0-9]{3})+|[0-9]+)([.][0-9]+)?' -%}
    case
        when {{ matches(text, '^([+-]?[¥￥$€£]? ?|[¥￥$€£] ?[+-])' ~ digits ~ ' ?元?$') }}
            then {{ replace_all(text, '[^0-9.-]', '') }}
        when {{ matches(text, '^[(][¥￥$€£]? ?' ~ digits ~ ' ?元?[)]$') }}
            then '-' || {{ replace_all(text, '[^0-9.]', '') }}
    end
{%- endmacro %}

{# Money to two decimals, halves away from zero; null where the text is no amount or too long to be one. #}
{% macro parse_money(text) -%}
    case
        when {{ is_plain_number(text) }} then {{ try_cast(text, 'decimal(18, 2)') }}
        else {{ try_cast(clean_money_text(text), 'decimal(18, 2)') }}
    end
{%- endmacro %}

{# Was the amount written with more than two decimals, so that rounding changed it visibly? #}
{% macro is_money_rounded(text, amount) -%}
    (
        {{ matches(text, '[.][0-9]{3}') }}
        and abs(abs({{ try_cast(replace_all(text, '[^0-9.]', ''), 'decimal(38, 10)') }}) - abs({{ amount }})) > 0.00005
    )
{%- endmacro %}

{# A number that is no money: quantity, score, rate, share. #}
{% macro parse_number(text, type) -%}
    case when {{ is_plain_number(text) }} then {{ try_cast(text, type) }} end
{%- endmacro %}

{# One of the codes of macros/parse/codes.sql, from any of its spellings; null where it is none of them. #}
{% macro parse_code(text, field) -%}
    case lower({{ text }})
        {%- for code in codes(field) %}
        when '{{ code }}' then '{{ code }}'
        {%- endfor %}
        {%- for code, spellings in codes(field).items() %}
        {%- for spelling in spellings %}
        when '{{ spelling }}' then '{{ code }}'
        {%- endfor %}
        {%- endfor %}
    end
{%- endmacro %}

{# true, false or null. #}
{% macro parse_boolean(text) -%}
    case lower({{ text }})
        {%- for spelling in ['true', 't', 'yes', 'y', '1', '是', '有'] %}
        when '{{ spelling }}' then true
        {%- endfor %}
        {%- for spelling in ['false', 'f', 'no', 'n', '0', '否', '无'] %}
        when '{{ spelling }}' then false
        {%- endfor %}
    end
{%- endmacro %}

{# Result of an interaction that is a grade of intent, in upper case. #}
{% macro grade_pattern() -%}{{ return('^([AD]|[BC][+-]?)$') }}{%- endmacro %}

{# Result of an interaction in which a customer names a time to buy: horizon_months and a whole number, in lower case. #}
{% macro horizon_pattern() -%}{{ return('^horizon_months [0-9]{1,3}$') }}{%- endmacro %}
