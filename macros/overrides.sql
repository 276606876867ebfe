{# The tiers an override may name, by axis; potential can be set, but neither floor nor ceiling. #}
{% macro is_tier_of_axis(axis, kind, tier) -%}
    case
        when {{ axis }} = 'card' then {{ tier }} in ('regular', 'silver', 'gold', 'platinum', 'diamond')
        else {{ tier }} in ('high', 'medium', 'low') or ({{ kind }} = 'set' and {{ tier }} = 'potential')
    end
{%- endmacro %}

{# The level of a value tier that has one. #}
{% macro tier_level(tier) -%}
    case {{ tier }} when 'high' then 2 when 'medium' then 1 when 'low' then 0 end
{%- endmacro %}

{# A staff code as it may be shown to everybody: up to four letters, then digits. Anything else may be a name or a phone number. #}
{% macro shown_code(code) -%}
    case when {{ matches(code, '^[A-Za-z]{1,4}[_-]?[0-9]{1,8}$') }} then {{ code }} when {{ code }} is not null then 'withheld' end
{%- endmacro %}
