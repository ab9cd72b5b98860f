#pragma once
// The table of keys. It alone says which keys there are, of what type, with which default and range, what they are for
// and where they land in the settings; parsing, validation, the reference and config/ordersync.yaml all follow from it.

#include "config/settings.hpp"

#include <span>
#include <string_view>
#include <variant>

namespace ordersync::config {

enum class kind {
  section,         // a mapping of the keys below it
  objects,         // a list of mappings
  duration,        // std::chrono::milliseconds
  size,            // std::int64_t, bytes
  integer,         // std::int64_t
  number,          // double
  choice,          // what one of key::choices means
  choices,         // a list of them, one at least; each means a list of one, and the value is all of these
  https_url,       // config::https_url
  proxy,           // config::proxy_choice
  listen_address,  // config::listen_address
  url_path,        // std::string
  file,            // std::filesystem::path that can be read, relative to the configuration's directory
  secret_file,     // secret_reference
  name,            // std::string of letters, digits, '.', '_', '-'
  token,           // std::string of visible ASCII: goes into an HTTP header
  tokens,          // a list of them
  utc_offset,      // std::chrono::seconds
  time,            // std::chrono::sys_seconds; a bare date is in api.time_zone
  database_url,    // std::string
  inline_secret,   // must not be there: says which key to use instead
};

// What a value of the file is once it is understood.
using value = std::variant<std::monostate, std::int64_t, double, std::chrono::milliseconds, std::chrono::seconds,
                           std::chrono::sys_seconds, timestamp_unit, unused_filters, log_level, log_format, std::string,
                           std::vector<std::string>, std::vector<detail_state>, alert_format, std::vector<alert_kind>,
                           std::filesystem::path, https_url, proxy_choice, listen_address, secret_reference, location>;

// A word that may be written, and the enumerator that it stands for.
struct choice {
  std::string_view word;
  value meaning;
};

// Where a key's value lives in the settings.
struct place {
  // Stores a value of the alternative that the key's type names. For objects: appends an element, given its location;
  // keys of elements then go to the last one.
  void (*put)(settings&, value&&) = nullptr;
  // Whether two settings agree about it; of a key of elements: in every element that both have.
  bool (*same)(const settings&, const settings&) = nullptr;
};

struct key {
  std::string_view path;  // "sync.live.every"; "accounts[].name" for a key of every element
  kind type = kind::section;
  std::string_view fallback = {};  // the default as YAML; empty: none
  std::string_view least = {};     // lowest and highest value, as YAML; of objects: the number of elements
  std::string_view most = {};
  std::vector<choice> choices = {};
  bool required = false;
  std::string_view help = {};
  place at = {};

  std::string_view leaf() const noexcept;    // "every"
  std::string_view parent() const noexcept;  // "sync.live"; of a key at the top: ""
};

// In the order of the file. A section comes before its keys, and api.time_zone before every time.
std::span<const key> keys();

// The paths of the keys whose values differ, in order.
std::vector<std::string_view> changed_keys(const settings& before, const settings& after);

// The words that a key of kind::choice may have, or the list of one of kind::choices, in order.
std::vector<std::string_view> words_of(const key& k);

// The keys right below `parent` ("", "sync.live", "accounts[]"), in order.
std::vector<const key*> keys_below(std::string_view parent);

}  // namespace ordersync::config
