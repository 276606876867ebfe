-- Every currency, entry type, event type and status of points that occurs has a label in English and in Chinese.

with

codes as (

    select 'points_currency' as code_type, currency as code from {{ ref('points_ledger') }}

    union

    select 'points_entry_type' as code_type, entry_type as code from {{ ref('points_ledger') }}

    union

    select 'points_event_type' as code_type, event_type as code from {{ ref('points_events_judged') }}

    union

    select 'points_event_status' as code_type, event_status as code from {{ ref('points_events_judged') }}

)

select
    codes.code_type,
    codes.code,
    count(distinct labels.lang) as language_count

from codes
left join {{ ref('policy_labels') }} as labels
    on codes.code_type = labels.code_type and codes.code = labels.code

group by codes.code_type, codes.code

having count(distinct labels.lang) <> 2
