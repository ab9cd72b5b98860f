#pragma once
// A YAML text as a small tree in which every key and value knows its line and column. The only place that knows the
// YAML library; built on its events, because its own tree keeps one of two equal keys without a word.
//
// Deliberately less than YAML: no aliases, anchors or tags, one document, plain keys, bounded depth and number of
// nodes. So a hostile file costs at most a fraction of a second and a few megabytes.

#include "config/problem.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ordersync::config {

// Fifty times the annotated default; the work a hostile text can cause grows with it.
inline constexpr std::size_t largest_document = 256U << 10;

struct member;

struct node {
  enum class shape {
    null,  // nothing, ~ or null
    scalar,
    sequence,
    mapping,
    refused,  // not usable; a problem has been noted already
  };
  shape kind = shape::null;
  location at;
  std::string text;             // of a scalar
  std::vector<node> items;      // of a sequence
  std::vector<member> members;  // of a mapping, in the order of the file, names distinct

  const member* find(std::string_view name) const noexcept;
};

struct member {
  std::string name;
  location at;  // of the name
  node value;
};

struct document {
  node root;
  std::vector<problem> problems;  // duplicates, aliases and the like; the root is usable beside them
  bool broken = false;            // not YAML at all, or over a bound: only `problems` counts
};

// `file` is what problems name.
document parse_document(std::string_view text, const std::string& file);

// On one line, such that it reads back as the same.
std::string to_yaml(const node& n);

}  // namespace ordersync::config
