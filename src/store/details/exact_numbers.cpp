#include "store/details/exact_numbers.hpp"

#include "core/number_text.hpp"

#include <algorithm>

namespace ordersync::store::details {
namespace {

constexpr std::size_t exact_digits = 15;
constexpr int farthest_exponent = 100;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_exact(std::string_view number) {
  const auto mark = std::min(number.find_first_of("eE"), number.size());
  if (std::ranges::count_if(number.substr(0, mark), is_digit) > static_cast<std::ptrdiff_t>(exact_digits)) return false;
  const auto exponent = core::exponent_of(number);
  return exponent && *exponent <= farthest_exponent && *exponent >= -farthest_exponent;
}

std::string as_kept(std::string_view number) {
  if (is_exact(number)) return std::string{number};
  return core::fits_a_database(number) ? "\"" + std::string{number} + "\"" : "null";
}

// One past the quote that ends the text which begins at `at`.
std::size_t end_of_text(std::string_view json, std::size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at)
    if (json[at] == '\\') ++at;
  return std::min(at + 1, json.size());
}

}  // namespace

std::string with_exact_numbers(std::string_view json) {
  std::string kept;
  kept.reserve(json.size());
  for (std::size_t at = 0; at < json.size();) {
    auto end = at + 1;
    if (json[at] == '"') {
      end = end_of_text(json, at);
      kept += json.substr(at, end - at);
    } else if (json[at] == '-' || is_digit(json[at])) {
      end = std::min(json.find_first_not_of("+-.0123456789eE", at), json.size());
      kept += as_kept(json.substr(at, end - at));
    } else {
      kept += json[at];
    }
    at = end;
  }
  return kept;
}

}  // namespace ordersync::store::details
