{# The states a known customer can be in: the value tiers, and why there is none. #}
{% macro tier_states() -%}{{ return(['high', 'medium', 'low', 'potential', 'unqualified', 'excluded']) }}{%- endmacro %}

{# The place of a state, from which up and down are told. #}
{% macro tier_state_rank(state) -%}
    case {{ state }} when 'unqualified' then 0 when 'potential' then 1 when 'low' then 2 when 'medium' then 3 when 'high' then 4 end
{%- endmacro %}

{# The product of a matrix (from_tier, to_tier, share) with itself. #}
{% macro squared(matrix) -%}
    select
        first_step.from_tier,
        second_step.to_tier,
        cast({{ rounded('sum(first_step.share * second_step.share)', 10) }} as {{ type_double() }}) as share

    from {{ matrix }} as first_step
    inner join {{ matrix }} as second_step
        on first_step.to_tier = second_step.from_tier

    group by first_step.from_tier, second_step.to_tier
{%- endmacro %}

{# A matrix to the power of 32, as common table expressions up to squared_5. Each is read twice, so ten in a row would be a
   thousand joins on an engine that does not keep them. #}
{% macro five_squarings(matrix) -%}
    {%- for number in range(1, 6) %}
squared_{{ number }} as (

    {{ squared(matrix if number == 1 else 'squared_' ~ (number - 1)) }}

){{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{# A mix (tier_state, expected) after the moves of a matrix. #}
{% macro moved_on(mix, matrix) -%}
    select
        moves.to_tier as tier_state,
        sum(before.expected * moves.share) as expected

    from {{ mix }} as before
    inner join {{ matrix }} as moves
        on before.tier_state = moves.from_tier

    group by moves.to_tier
{%- endmacro %}
