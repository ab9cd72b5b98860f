// What can go wrong with a request on purpose. The table says how each action is written and what it does; it drives
// the parser and the help text alike.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace pandapon_sim {

enum class action : std::uint8_t {
  // what the list holds
  vanish,
  appear,
  add,
  mutate,
  shuffle,
  page,
  short_page,
  total,
  bad_id,
  // what is answered instead
  status,
  code,
  html,
  redirect,
  empty,
  body,
  no_data,
  null_data,
  no_total,
  no_code,
  garbage,
  bad_utf8,
  deep,
  huge,
  gzip,
  gzip_bomb,
  gzip_broken,
  // how the answer travels
  cut,
  cut_clean,
  close,
  reset,
  stall,
  stall_body,
  delay,
  slow,
  length,
  no_length,
  no_length_rude,
  two_lengths,
  length_and_chunked,
  chunked,
  chunked_cut,
  bad_chunk,
  extra,
  not_http,
  interim,
  header,
  big_header,
  then_close,
  date
};

enum class argument : std::uint8_t {
  nothing,
  count,     // N, or N with KiB or MiB
  optional,  // N, or 1 if left out
  change,    // +N, -N or =N
  duration,  // 50ms, 2s
  reply,     // N and optionally `retry-after VALUE`
  code,      // N and optionally a text
  text,      // the rest of the line
  maybe_text
};

struct fault_kind {
  std::string_view name;
  action what;
  argument takes;
  std::string_view help;
};

std::span<const fault_kind> fault_kinds();

struct fault {
  action what = action::status;
  std::int64_t number = 0;  // count, change, status or code; durations in ms
  char sign = '=';          // of a change
  std::string text;
};

}  // namespace pandapon_sim
