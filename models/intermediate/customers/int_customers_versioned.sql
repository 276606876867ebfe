-- One row per customer and version of the profile: what was known from its recording on, per column the last value that is not null.
{% set columns = [
    'customer_type', 'status', 'gender', 'occupation', 'income_band', 'family_status', 'city', 'district', 'address_area_band',
    'account_manager_id', 'preferred_language', 'preferred_channel', 'has_profiling_consent', 'has_marketing_consent', 'birth_date',
    'member_since', 'created_at'
] %}

with

deliveries as (

    select
        customers.*,
        keys.customer_key,
        {{ business_date('customers.version_at') }} as known_on,
        row_number() over (
            partition by keys.customer_key order by customers.version_at nulls first, customers._file, customers._line
        ) as version_number,
        count(*) over (partition by keys.customer_key) as version_count

    from {{ ref('int_customers_screened') }} as customers
    inner join {{ ref('int_customers_keyed') }} as keys
        on customers.customer_id = keys.customer_id

    where customers.fate = 'accepted' and not coalesce({{ is_hidden_by_cutoff('customers.version_at') }}, false)

),

-- Each column counts its values so far: rows with the same count share the last value that is not null.
counted as (

    select
        customer_key,
        version_number,
        {%- for column in columns %}
        {{ column }},
        count({{ column }}) over (partition by customer_key order by version_number) as {{ column }}_group,
        {%- endfor %}
        known_on

    from deliveries

    where version_count > 1

),

versions as (

    select
        customer_key,
        version_number,
        {{ columns | join(',\n        ') }},
        known_on

    from deliveries

    where version_count = 1

    union all

    select
        customer_key,
        version_number,
        {%- for column in columns %}
        {% if column.startswith('has_') %}bool_or{% else %}max{% endif %}({{ column }})
            over (partition by customer_key, {{ column }}_group) as {{ column }},
        {%- endfor %}
        known_on

    from counted

),

seen as (

    select
        versions.*,
        calendar.first_knowledge_date as seen_from

    from versions
    left join {{ ref('int_calendar') }} as calendar
        on greatest(coalesce(versions.known_on, date '1990-01-01'), date '1990-01-01') = calendar.calendar_date

)

select
    customer_key,
    version_number,
    {%- for column in columns %}
    {{ column }},
    {%- endfor %}
    known_on,
    seen_from,
    lead(seen_from) over (partition by customer_key order by version_number) as seen_until

from seen
