-- One row per review date and customer who got in touch in the last 365 days: by which channel most often.

with

channels as (

    select
        review_dates.as_of_date,
        contacts.customer_key,
        contacts.channel,
        sum(contacts.contact_count) as contact_count

    from {{ ref('int_customer_contacts_windowed') }} as contacts
    inner join {{ ref('int_review_dates') }} as review_dates
        on
            contacts.seen_from <= review_dates.as_of_date
            and (contacts.left_from is null or review_dates.as_of_date < contacts.left_from)
    inner join {{ ref('policy_interaction_events') }} as events
        on
            contacts.event_type = events.event_type
            and events.is_inbound
            and {{ in_force('events', 'review_dates.as_of_date') }}

    group by review_dates.as_of_date, contacts.customer_key, contacts.channel

),

ranked as (

    select
        channels.*,
        row_number() over (partition by as_of_date, customer_key order by contact_count desc, channel) as channel_rank

    from channels

)

select
    as_of_date,
    customer_key,
    channel as used_channel

from ranked

where channel_rank = 1
