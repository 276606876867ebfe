{# The date `months` months later, clamped to the last day of the month: 31 January + 1 = 28 or 29 February. #}
{% macro add_months(date, months) -%}{{ return(adapter.dispatch('add_months', 'tiering')(date, months)) }}{%- endmacro %}
{% macro default__add_months(date, months) -%}cast({{ date }} + ({{ months }}) * interval '1 month' as date){%- endmacro %}
{% macro duckdb__add_months(date, months) -%}cast({{ date }} + to_months({{ months }}) as date){%- endmacro %}
{% macro spark__add_months(date, months) -%}add_months({{ date }}, {{ months }}){%- endmacro %}

{# The date `days` (a whole number) days later. #}
{% macro add_days(date, days) -%}{{ return(adapter.dispatch('add_days', 'tiering')(date, days)) }}{%- endmacro %}
{% macro default__add_days(date, days) -%}({{ date }} + cast({{ days }} as integer)){%- endmacro %}
{% macro spark__add_days(date, days) -%}date_add({{ date }}, cast({{ days }} as int)){%- endmacro %}

{# Whole days from one date to another. #}
{% macro days_between(first, last) -%}{{ return(adapter.dispatch('days_between', 'tiering')(first, last)) }}{%- endmacro %}
{% macro default__days_between(first, last) -%}({{ last }} - {{ first }}){%- endmacro %}
{% macro duckdb__days_between(first, last) -%}date_diff('day', {{ first }}, {{ last }}){%- endmacro %}
{% macro spark__days_between(first, last) -%}datediff({{ last }}, {{ first }}){%- endmacro %}

{# The number of the calendar month, counted from year 0: neighbouring months differ by 1. #}
{% macro month_number(date) -%}
    (cast(extract(year from {{ date }}) as bigint) * 12 + cast(extract(month from {{ date }}) as bigint))
{%- endmacro %}

{# Wall-clock time of a zone, without offset -> the same moment in UTC, without offset. #}
{% macro zone_to_utc(timestamp, zone) -%}{{ return(adapter.dispatch('zone_to_utc', 'tiering')(timestamp, zone)) }}{%- endmacro %}
{% macro default__zone_to_utc(timestamp, zone) -%}timezone('UTC', timezone({{ zone }}, {{ timestamp }})){%- endmacro %}
{% macro spark__zone_to_utc(timestamp, zone) -%}to_utc_timestamp({{ timestamp }}, {{ zone }}){%- endmacro %}

{# Text of a moment with an offset -> UTC, without offset; null where it is none. #}
{% macro offset_text_to_utc(text) -%}{{ return(adapter.dispatch('offset_text_to_utc', 'tiering')(text)) }}{%- endmacro %}
{% macro default__offset_text_to_utc(text) -%}timezone('UTC', {{ try_cast(text, 'timestamptz') }}){%- endmacro %}
{% macro spark__offset_text_to_utc(text) -%}cast(try_cast({{ text }} as timestamp) as timestamp_ntz){%- endmacro %}

{# A moment in UTC -> the calendar date it falls on in business_tz. #}
{% macro business_date(utc) -%}{{ return(adapter.dispatch('business_date', 'tiering')(utc)) }}{%- endmacro %}
{% macro default__business_date(utc) -%}
    cast(timezone('{{ business_tz() }}', timezone('UTC', {{ utc }})) as date)
{%- endmacro %}
{% macro duckdb__business_date(utc) -%}
    cast(timezone('{{ business_tz() }}', make_timestamptz(epoch_us({{ utc }}))) as date)
{%- endmacro %}
{% macro spark__business_date(utc) -%}cast(from_utc_timestamp({{ utc }}, '{{ business_tz() }}') as date){%- endmacro %}

{# The moment, in UTC, at which a day of business_tz is over. #}
{% macro end_of_business_date(date) -%}
    {{ zone_to_utc('cast(' ~ add_days(date, 1) ~ ' as timestamp)', "'" ~ business_tz() ~ "'") }}
{%- endmacro %}

{# Whole seconds from one moment in UTC to another, each cut to its second. #}
{% macro seconds_between(first, last) -%}{{ return(adapter.dispatch('seconds_between', 'tiering')(first, last)) }}{%- endmacro %}
{% macro default__seconds_between(first, last) -%}
    cast(extract(epoch from date_trunc('second', {{ last }}) - date_trunc('second', {{ first }})) as bigint)
{%- endmacro %}
{% macro duckdb__seconds_between(first, last) -%}date_diff('second', {{ first }}, {{ last }}){%- endmacro %}
{% macro spark__seconds_between(first, last) -%}
    (unix_seconds(cast({{ last }} as timestamp)) - unix_seconds(cast({{ first }} as timestamp)))
{%- endmacro %}

{# A moment in UTC -> the hour of the day, 0-23, on the clocks of business_tz. #}
{% macro business_hour(utc) -%}{{ return(adapter.dispatch('business_hour', 'tiering')(utc)) }}{%- endmacro %}
{% macro default__business_hour(utc) -%}
    cast(extract(hour from timezone('{{ business_tz() }}', timezone('UTC', {{ utc }}))) as integer)
{%- endmacro %}
{% macro duckdb__business_hour(utc) -%}
    cast(extract(hour from timezone('{{ business_tz() }}', make_timestamptz(epoch_us({{ utc }})))) as integer)
{%- endmacro %}
{% macro spark__business_hour(utc) -%}
    cast(extract(hour from from_utc_timestamp({{ utc }}, '{{ business_tz() }}')) as integer)
{%- endmacro %}

{# Whole years from one date to a later one: a year is full on its day; 29 February is full on 1 March of a common year. #}
{% macro whole_years_between(first, last) -%}
    cast(
        extract(year from {{ last }}) - extract(year from {{ first }})
        - case
            when
                extract(month from {{ last }}) * 100 + extract(day from {{ last }})
                < extract(month from {{ first }}) * 100 + extract(day from {{ first }})
                then 1
            else 0
        end as integer
    )
{%- endmacro %}
