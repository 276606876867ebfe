-- Every card and reason of cards that occurs has a label in English and in Chinese.

with

codes as (

    select 'card_tier' as code_type, card_tier as code from {{ ref('card_history') }}

    union

    select 'card_reason' as code_type, reason as code from {{ ref('card_history') }}

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
