-- One row per landed line of customer identity: its fate (accepted, rejected or duplicate) with the rule.

with

links as (

    select
        dated.*,
        dated.is_open_merge
        and min(case when dated.is_open_merge then dated.to_key end) over (partition by dated.from_key)
        <> max(case when dated.is_open_merge then dated.to_key end) over (partition by dated.from_key) as is_conflict,
        dated.is_open_merge and circles.customer_key is not null as is_circled

    from {{ ref('int_customer_identity_dated') }} as dated
    left join {{ ref('int_customer_links_circled') }} as circles
        on dated.from_key = circles.customer_key

),

judged as (

    select
        links.*,
        {{ first_broken_rule({
            'link_from_missing': 'from_customer_id is null',
            'link_to_missing': 'to_customer_id is null',
            'link_self': 'from_customer_id = to_customer_id',
            'link_type_unknown': 'link_type is null',
            'valid_from_unparsable': 'valid_from is null',
            'orphan_customer': 'from_key is null or to_key is null',
            'link_conflict': 'is_conflict',
            'link_cycle': 'is_circled',
        }) }} as rejected_by

    from links

)

select
    _file,
    _line,
    from_customer_id,
    from_key,
    to_key,
    link_type,
    merged_on,
    is_open_merge and rejected_by is null as is_merged,
    case
        when is_repeat then 'duplicate'
        when rejected_by is not null then 'rejected'
        else 'accepted'
    end as fate,
    rejected_by,
    {{ broken_rules({
        'value_unreadable': any_unreadable(['confidence', 'valid_to', 'recorded_at']) ~ ' or confidence < 0 or confidence > 1',
    }) }} as noted_rules

from judged
