#pragma once
// How a payload is stored: the shapes of its pieces by their numbers in a dictionary, and its values. PostgreSQL makes
// the payload of them again with
//   format(format(shape, VARIADIC dictionary), VARIADIC string_to_array(body, E'\n'))
// A piece whose shape is not in the dictionary is one value: the first shape is "%s". Pure.
//
// Hazard: numbers of shapes never change and none goes, because stored payloads name them.

#include "store/payloads/split.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ordersync::store::payloads {

// Valid until the next payload is packed, and as long as the payload is.
struct packed_payload {
  std::optional<std::string_view> shape;  // "%4$s%7$s%7$s"; none: the body is the payload
  std::string_view body;                  // each value and a line break, then blanks
};

class dictionary {
 public:
  // By number, from 1 on.
  explicit dictionary(std::vector<std::string> shapes);

  // Takes in shapes that would help with such payloads, those that occur most often first, and returns them; few at
  // most, so the dictionary is bounded.
  std::vector<std::string> learn(const std::vector<std::string_view>& payloads);
  bool is_full() const;
  std::size_t size() const noexcept { return shapes_.size(); }

  packed_payload pack(std::string_view payload);

 private:
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  template <class Value>
  using by_text = std::unordered_map<std::string, Value, text_hash, std::equal_to<>>;

  bool encode();
  bool makes(std::string_view payload) const;
  void add(std::string shape);
  by_text<std::size_t> count_unknown(const std::vector<std::string_view>& payloads);

  std::vector<std::string> shapes_;
  std::size_t bytes_ = 0;  // of all shapes
  by_text<std::size_t> numbers_;
  split_payload split_;
  std::string shape_, body_;
};

}  // namespace ordersync::store::payloads
