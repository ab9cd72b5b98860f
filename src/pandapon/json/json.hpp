#pragma once
// JSON as it was served. Pure.
//
// A general library loses what the mirror must keep: it turns numbers into doubles, forgets all but one of duplicate
// keys, does not give the raw text of a value, and gives up the whole document for one lone surrogate, one absurd
// exponent or one place nested too deep. Here each of those costs the one value it is in. The grammar is RFC 8259
// without extensions; the tests compare what is accepted with Boost.JSON.
//
// Hazard: a value only points into the parsed bytes and the arena; it is void when either goes or the arena is cleared.

#include <cstddef>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::pandapon::json {

enum class json_kind : unsigned char {
  null,
  boolean,
  number,
  text,
  array,
  object,
  unusable,  // well-formed, but no value of ours: `text` says why
};

struct json_value {
  json_kind kind = json_kind::null;
  bool truth = false;     // of a boolean
  std::string_view name;  // a member's key, unescaped; as it stands in the raw text where that is no text
  std::string_view raw;   // the value's bytes as served, without surrounding space
  std::string_view text;  // of a text: unescaped; of a number: as `raw`
  std::span<const json_value> children;  // elements or members, in the order served; keys may repeat
};

// Owns what parsing makes. One thread at a time.
class json_arena {
 public:
  json_arena() : first_(first_bytes), memory_(first_.data(), first_.size()) {}
  json_arena(const json_arena&) = delete;
  json_arena& operator=(const json_arena&) = delete;
  ~json_arena() = default;

  void clear() noexcept { memory_.release(); }
  std::string_view keep(std::string_view text);
  std::span<const json_value> keep(std::span<const json_value> values);
  // Room for the parser to unescape a text in, until it asks again.
  char* scratch(std::size_t bytes) {
    if (scratch_.size() < bytes) scratch_.resize(bytes);
    return scratch_.data();
  }
  // Room for the parser to gather children in, empty.
  std::vector<json_value>& pending() noexcept {
    pending_.clear();
    return pending_;
  }

 private:
  static constexpr std::size_t first_bytes = 16'384;  // one order with its nested JSON: most need no more

  std::vector<std::byte> first_;
  std::pmr::monotonic_buffer_resource memory_;
  std::vector<json_value> pending_;
  std::vector<char> scratch_;
};

// Containers nested deeper than this are unusable. The API's own go to 4; the bound keeps the recursion small.
constexpr int deepest_json = 32;

// An order has about a hundred values. The bound keeps a reply of 64 MiB of "[0,0,0,..." from taking gigabytes.
constexpr std::size_t most_json_values = 200'000;

struct json_document {
  std::optional<json_value> value;
  std::string problem;  // where there is no value: "not valid JSON at byte 17"
};

// The whole of `bytes` as one value. Does not check that it is UTF-8 (see utf8.hpp).
json_document parse_json(std::string_view bytes, json_arena& arena);

}  // namespace ordersync::pandapon::json
