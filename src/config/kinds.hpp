#pragma once
// The types of the table: what each is called, how a person writes it, and how one value is read.

#include "config/document.hpp"
#include "config/keys.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace ordersync::config {

struct kind_facts {
  std::string_view name;  // "duration"
  std::string_view hint;  // what to write instead of a value that is none
  bool quotable = false;  // whether a complaint may show the value: it can hold no secret, even by mistake
};

const kind_facts& facts(kind type);

// What the meaning of a value depends on besides its text.
struct reading_context {
  std::filesystem::path directory;  // what relative paths are relative to
  std::chrono::seconds zone{};      // of bare dates
};

struct reading {
  std::optional<value> result;
  std::string complaint;  // when there is no result
};

// Any type but section, objects and inline_secret. Looks at the file system for kind::file alone.
reading read_value(const key& k, const node& n, const reading_context& around);

}  // namespace ordersync::config
