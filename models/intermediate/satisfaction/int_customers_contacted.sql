-- One row per review date and graded customer who was asked lately: how often, by phone, and what came of it last.

with

contacts as (

    select
        policy.as_of_date,
        surveys.customer_key,
        surveys.response_id,
        surveys.source_system,
        surveys.asked_on,
        surveys.callback_outcome,
        -- Numbers of invitations and responses are those of their system.
        case
            when surveys.invitation_id is not null then 'invitation' || chr(31) || surveys.source_system || chr(31) || surveys.invitation_id
            else 'response' || chr(31) || surveys.source_system || chr(31) || surveys.response_id
        end as contact_id,
        case
            when surveys.contact_outcome <> 'silent' then surveys.contact_outcome
            when surveys.asked_on >= policy.pending_from then 'pending'
            else 'non_responder'
        end as contact_status,
        coalesce(surveys.channel = 'phone_callback', false) as is_callback

    from {{ ref('int_surveys_seen') }} as surveys
    inner join {{ ref('int_satisfaction_policy_in_force') }} as policy
        on
            surveys.seen_from <= policy.as_of_date
            and (surveys.seen_until is null or policy.as_of_date < surveys.seen_until)
            and surveys.asked_on > policy.looks_back_to
            and surveys.asked_on <= policy.as_of_date
    inner join {{ ref('int_customer_reviews') }} as reviews
        on policy.as_of_date = reviews.as_of_date and surveys.customer_key = reviews.customer_key and reviews.is_scoreable

),

numbered as (

    select
        contacts.*,
        row_number() over (
            partition by as_of_date, customer_key
            order by
                asked_on desc,
                case contact_status
                    when 'refused' then 1 when 'wrong_number' then 2 when 'not_reached' then 3 when 'pending' then 4
                    when 'non_responder' then 5 else 6
                end,
                source_system,
                response_id
        ) as contact_number,
        row_number() over (
            partition by as_of_date, customer_key
            order by
                case when callback_outcome is null then 1 else 0 end,
                asked_on desc,
                case callback_outcome
                    when 'connected_answered' then 1 when 'connected_refused' then 2 when 'wrong_number' then 3
                    when 'unreachable' then 4 when 'no_answer' then 5 else 6
                end,
                source_system,
                response_id
        ) as callback_number

    from contacts

)

select
    as_of_date,
    customer_key,
    count(distinct contact_id) as contact_count,
    count(distinct case when is_callback then contact_id end) as callback_count,
    count(distinct case when is_callback and callback_outcome = 'connected_answered' then contact_id end) as callback_answered_count,
    count(distinct case when callback_outcome in ('wrong_number', 'unreachable') then contact_id end) as issue_count,
    max(case when contact_number = 1 then contact_status end) as last_contact_status,
    max(case when callback_number = 1 then callback_outcome end) as last_callback_outcome

from numbered

group by as_of_date, customer_key
