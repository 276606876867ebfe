-- What the suites' SQL may call. Run on every connection before a suite is checked.

-- A delivered value, or null where the sender wrote a word for nothing.
create or replace temp macro delivered(value) as
    case
        when length(value) > 6 then value
        when lower(trim(value)) in ('', '-', '--', '—', 'n/a', 'null', 'none', 'nan', 'nat') then null
        else value
    end;

create or replace temp macro half_width(value) as
    translate(value, '０１２３４５６７８９．，－＋／：　', '0123456789.,-+/: ');

create or replace temp macro without_money_signs(value) as
    regexp_replace(half_width(value), '[\s,¥￥$€£元()（）]|CNY|RMB|USD|EUR|GBP|HKD', '', 'gi');

-- A number written as text, signs of money, separators and brackets allowed; null where it is none.
create or replace temp macro as_number(value) as
    case
        when regexp_matches(value, '^-?[0-9]+([.][0-9]+)?$') then try_cast(value as double)
        when regexp_matches(without_money_signs(value), '^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)$')
            then try_cast(without_money_signs(value) as double)
    end;

-- The day a date or timestamp begins with, in the order the source declares; null where there is none.
create or replace temp macro day_text(value) as
    replace(replace(regexp_extract(half_width(trim(value)), '^[0-9]+[-/.]?[0-9]*[-/.]?[0-9]*'), '/', '-'), '.', '-');

create or replace temp macro as_day(value, date_order) as
    case
        when value[5] = '-' then try_cast(try_strptime(value[:10], '%Y-%m-%d') as date)
        when date_order = 'dmy' then try_cast(try_strptime(day_text(value), '%d-%m-%Y') as date)
        when date_order = 'mdy' then try_cast(try_strptime(day_text(value), '%m-%d-%Y') as date)
        else try_cast(try_strptime(day_text(value), ['%Y-%m-%d', '%Y%m%d']) as date)
    end;

-- Text read with the wrong encoding: replacement characters, Chinese bytes read as Latin letters,
-- UTF-8 read as GBK (begins with one of the rare characters that common ones turn into).
create or replace temp macro is_garbled(value) as
    strlen(value) > length(value)
    and coalesce(
        regexp_matches(
            value,
            '\x{FFFD}|锟斤拷|烫烫烫|屯屯屯|[\x{A1}-\x{FF}]{4}|[ã-ï][\x{80}-\x{BF}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}'
            || '|(^|[|])[鎷缁鍚涓瀹鍙鍗鍏浠璐鎵鍒浜璧鎶璋杈杩涔鑲娌鍑浼閫閿鎸鐩閽鍐鎺鍝灏娑璁鍧鏉甯澶鎯鏈搴闄瀵姹绾濂鎹浣娉寮缂绉'
            || '灞閰闃鐤棰閾鎭鐑鑳鏁宸鑰鏂鑸鐢渚娴鎴娣瀛鏃鍜鏌娓鎬鍘鏅鍛姘淇鏄鍔鍖鍓闆鐙褰鐥蹇鏍鐐寰鏋妗鑺鎼鑻姣琛].'
        ),
        false
    );

-- Shares of two mixes (maps of level -> rows), how far they moved, and where to.
-- A level that is missing counts as 0.1 %, so that the index stays finite.
create or replace temp macro rows_of(mix) as coalesce(list_sum(map_values(mix)), 0);

create or replace temp macro share_of(mix, level) as coalesce(mix[level], 0) / rows_of(mix);

create or replace temp macro levels_of(before, after) as list_sort(map_keys(map_concat(before, after)));

create or replace temp macro stability_index(before, after) as
    list_sum(
        list_transform(
            levels_of(before, after),
            lambda level: (greatest(share_of(after, level), 0.001) - greatest(share_of(before, level), 0.001))
            * ln(greatest(share_of(after, level), 0.001) / greatest(share_of(before, level), 0.001))
        )
    );

create or replace temp macro percent(share) as printf('%.1f %%', 100.0 * share);

create or replace temp macro moved(before, after) as
    array_to_string(
        list_transform(
            levels_of(before, after),
            lambda level: level || ' ' || percent(share_of(before, level)) || ' -> ' || percent(share_of(after, level))
        ),
        ', '
    );
