{# Does the text match the regular expression (POSIX classes, no backslashes)? #}
{% macro matches(text, pattern) -%}{{ return(adapter.dispatch('matches', 'tiering')(text, pattern)) }}{%- endmacro %}
{% macro default__matches(text, pattern) -%}({{ text }} ~ '{{ pattern }}'){%- endmacro %}
{% macro duckdb__matches(text, pattern) -%}regexp_matches({{ text }}, '{{ pattern }}'){%- endmacro %}
{% macro spark__matches(text, pattern) -%}({{ text }} rlike '{{ pattern }}'){%- endmacro %}

{# Every match of the expression replaced. Groups are written as @1, @2, ... and spelt as the engine spells them. #}
{% macro replace_all(text, pattern, by) -%}{{ return(adapter.dispatch('replace_all', 'tiering')(text, pattern, by)) }}{%- endmacro %}
{% macro default__replace_all(text, pattern, by) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ by | replace("@", "\\") }}', 'g')
{%- endmacro %}
{% macro spark__replace_all(text, pattern, by) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ by | replace("@", "$") }}')
{%- endmacro %}

{# Full-width forms to ASCII, composed characters, no zero-width characters, trimmed (spaces, tabs, line breaks). #}
{% macro fold_text(text) -%}{{ return(adapter.dispatch('fold_text', 'tiering')(text)) }}{%- endmacro %}
{% macro default__fold_text(text) -%}
    btrim({{ replace_all("normalize(" ~ text ~ ", NFKC)", zero_width_class(), "") }}, e' \t\r\n')
{%- endmacro %}
{% macro duckdb__fold_text(text) -%}
    case
        {#- ASCII, told by one byte per character, without blanks at its ends needs no folding and is nearly everything. #}
        when strlen({{ text }}) = length({{ text }}) and {{ text }} >= '!' and {{ text }}[-1] > ' ' then {{ text }}
        when strlen({{ text }}) = length({{ text }}) then trim({{ text }}, e' \t\r\n')
        {#- translate is slow: only where there is something for it. #}
        when regexp_matches({{ text }}, '{{ "[\u00a0\u2007\u200b\u200c\u200d\u202f\u3000\ufeff\uff01-\uff5e\uffe5]" }}') then trim(
            nfc_normalize(translate({{ replace_all(text, zero_width_class(), "") }}, '{{ full_width() }}', '{{ half_width() }}')),
            e' \t\r\n'
        )
        else trim(nfc_normalize({{ text }}), e' \t\r\n')
    end
{%- endmacro %}
{#- Spark has no normal forms: full-width forms are folded, composed characters stay as delivered. #}
{% macro spark__fold_text(text) -%}
    trim(both ' \t\r\n' from translate({{ replace_all(text, zero_width_class(), "") }}, '{{ full_width() }}', '{{ half_width() }}'))
{%- endmacro %}

{#- Zero-width space, non-joiner, joiner and the byte order mark, as a character class. #}
{% macro zero_width_class() -%}{{ '[\u200b\u200c\u200d\ufeff]' }}{%- endmacro %}

{#- The ideographic and the no-break spaces, the yen sign, the full-width forms of ! to ~ without quote and backslash ... #}
{% macro full_width() -%}
    {{ '\u3000\u00a0\u2007\u202f\uffe5' }}
    {%- for code in range(0xFF01, 0xFF5F) if code not in (0xFF07, 0xFF3C) %}{{ '%c' | format(code) }}{% endfor %}
{%- endmacro %}
{#- ... and the same in ASCII. #}
{% macro half_width() -%}
    {{ '    \u00a5' }}
    {%- for code in range(0x21, 0x7F) if code not in (0x27, 0x5C) %}{{ '%c' | format(code) }}{% endfor %}
{%- endmacro %}
