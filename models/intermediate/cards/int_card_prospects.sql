-- One row per path that may have a card some day: all its facts together would meet a route of some version of the rules, or a merge or an
-- override may bring a card.

select bounds.path_key

from {{ ref('int_card_bounds') }} as bounds
inner join {{ ref('int_card_routes') }} as routes
    on
        routes.ruled_from <= bounds.last_day
        {%- for metric in card_metrics() %}
        and (routes.least_{{ metric }} is null or bounds.{{ metric }} >= routes.least_{{ metric }})
        {%- endfor %}

union

select path_key from {{ ref('int_card_paths') }}

where has_merges

union

select customers.path_key

from {{ ref('int_card_path_customers') }} as customers
inner join {{ ref('int_tier_overrides_seen') }} as overrides
    on customers.customer_key = overrides.customer_key and overrides.axis = 'card'
